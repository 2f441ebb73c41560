"""Reading an array of a `.npy` file, its header first, so that no file makes room for more than is wanted."""

from __future__ import annotations

import io
import math
import tokenize
from collections.abc import Callable
from pathlib import Path

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
    if not content.startswith(npy_format.MAGIC_PREFIX):
        raise ValueError("it is not a .npy file")
    version = npy_format.read_magic(stream)
    if version not in _HEADERS:  # 3.0 is for arrays of named fields
        raise ValueError(f"it is of version {version[0]}.{version[1]}")
    try:
        shape, fortran_order, found = _HEADERS[version](stream)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, tokenize.TokenError) as error:
        raise ValueError("its header is damaged") from error  # numpy parses it as Python
    if found.hasobject or not fits(found, shape):
        raise OtherArray(f"{found}{list(shape)}")
    promised, has = math.prod(shape), (len(content) - stream.tell()) // max(1, found.itemsize)
    if promised != has or len(content) != stream.tell() + has * found.itemsize:
        raise ValueError(f"it promises {promised:,} values and has {has:,}")
    values = np.frombuffer(content, found, offset=stream.tell()) if has else np.empty(0, found)
    return values.reshape(shape, order="F" if fortran_order else "C")
