"""Reading an array of a `.npy` file, its header first, so that no file makes room for more than is wanted."""

from __future__ import annotations

import io
import math
import tokenize
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from lab import files

_MOST_BYTES = 256 * files.MEGABYTE
_HEADERS = {(1, 0): npy_format.read_array_header_1_0, (2, 0): npy_format.read_array_header_2_0}

Shape = tuple[int, ...]


class OtherArray(ValueError):
    """The file has an array of another type or shape than is wanted; the text says which."""


def read(file: Path, dtype: np.dtype[np.generic], fits: Callable[[Shape], bool]) -> NDArray[np.generic]:
    """The array, if it is of that type and `fits` takes its shape.

    Raises OSError as `files.content` does, OtherArray, and ValueError for what is no whole `.npy` file.
    """
    return parsed(files.content(file, _MOST_BYTES), lambda found, shape: found == dtype and fits(shape))


def parsed(
    content: bytes, fits: Callable[[np.dtype[np.generic], Shape], bool] = lambda _dtype, _shape: True
) -> NDArray[np.generic]:
    """The array that is the content of a `.npy` file, if `fits` takes its type and shape.

    Raises OtherArray, and ValueError for what is no whole `.npy` file, or one of Python's objects.
    """
    stream = io.BytesIO(content)
    found = header(stream)
    if not fits(found.dtype, found.shape):
        raise OtherArray(f"{found.dtype}{list(found.shape)}")
    found.check(len(content) - stream.tell())
    empty = not math.prod(found.shape)
    values = np.empty(0, found.dtype) if empty else np.frombuffer(content, found.dtype, offset=stream.tell())
    return values.reshape(found.shape, order="F" if found.fortran_order else "C")


@dataclass(frozen=True)
class Header:
    """What a `.npy` file says of its array."""

    dtype: np.dtype[np.generic]
    shape: Shape
    fortran_order: bool

    def check(self, available: int) -> None:
        """Raises ValueError unless the array is as large as what follows, in bytes."""
        promised, has = math.prod(self.shape), available // max(1, self.dtype.itemsize)
        if promised > np.iinfo(np.int64).max:
            raise ValueError("it promises more values than any file has")
        if promised != has or available != has * self.dtype.itemsize:
            raise ValueError(f"it promises {promised:,} values and has {has:,}")


def header(stream: IO[bytes]) -> Header:
    """Read up to where the values begin. Raises ValueError for what is none, OtherArray for one of Python's objects."""
    magic = stream.read(npy_format.MAGIC_LEN)
    if not magic.startswith(npy_format.MAGIC_PREFIX) or len(magic) < npy_format.MAGIC_LEN:
        raise ValueError("it is not a .npy file")
    version = (magic[-2], magic[-1])
    if version not in _HEADERS:  # 3.0 is for arrays of named fields
        raise ValueError(f"it is of version {version[0]}.{version[1]}")
    try:
        shape, fortran_order, found = _HEADERS[version](stream)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, tokenize.TokenError) as error:
        raise ValueError("its header is damaged") from error  # numpy parses it as Python
    if found.hasobject:
        raise OtherArray(f"{found}{list(shape)}")
    return Header(found, shape, fortran_order)
