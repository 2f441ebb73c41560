"""Reading NumPy's archives of arrays, `.npz`, so that none makes room for more than a reader can use."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import files, npy, zips

MOST_ARRAYS = 10_000

Arrays = dict[str, NDArray[np.generic]]


def read(path: Path, at_most: int, unpacked: int) -> Arrays:
    """Every array by its name; the file may have so many bytes, and `unpacked` once it is unpacked.

    Raises OSError as `files.content` does, and ValueError for a file that is no whole archive of arrays, or of too
    many.
    """
    content = files.content(path, at_most)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        if sum(member.file_size for member in members) > unpacked or len(members) > MOST_ARRAYS:
            raise ValueError(f"it has more than {unpacked // files.MEGABYTE} MB or {MOST_ARRAYS:,} arrays: split it")
        names = [member.filename.removesuffix(".npy") for member in members]
        if len(set(names)) < len(names):
            raise ValueError("it has two arrays of one name")
        return {name: npy.parsed(archive.read(member)) for name, member in zip(names, members, strict=True)}
    except (*zips.DAMAGED, OSError) as error:
        raise ValueError(str(error)) from error
