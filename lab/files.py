"""Reading files that others wrote: regular ones only, and never more of one than its reader can use.

A pipe or a device such as /dev/zero has no end to wait for, and a damaged file claims any size. Whatever keeps a file
from being read is an OSError, whose `strerror` completes "cannot be read: ...".
"""

from __future__ import annotations

import errno
import math
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pydantic_core

MEGABYTE = 2**20

Keys = tuple[str | int, ...]
"""Where in a tree of tables and lists a value is."""

_CHUNK = 2**16
_LINE = re.compile(r" at line (\d+) ")
_WORD = range(-(2**63), 2**63)  # what TOML promises, and SQLite and other readers of our JSON hold


def opened(path: Path, at_most: int) -> BinaryIO:
    """The file, open for reading. Raises OSError if it is no regular file, or larger than `at_most` bytes."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe that nobody writes to would block
    try:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(found.st_mode):
            raise _refused(path, "it is no regular file")
        if found.st_size > at_most:
            raise _refused(path, f"it has {found.st_size:,} bytes, and {at_most:,} are the most that is read")
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def content(path: Path, at_most: int) -> bytes:
    """All its bytes. Raises OSError as `opened` does."""
    found = bytearray()
    with opened(path, at_most) as file:
        size = os.fstat(file.fileno()).st_size  # of what /proc and /sys hold it is 0
        while chunk := file.read(max(size + 1 - len(found), _CHUNK)):
            found += chunk
            if len(found) > at_most:
                raise _refused(path, f"it has more than {at_most:,} bytes, the most that is read")
    return bytes(found)


def text(path: Path, at_most: int = MEGABYTE) -> str:
    """A text in UTF-8, its line ends as "\\n". Raises OSError as `opened` does, and UnicodeDecodeError."""
    return content(path, at_most).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def why_unread(error: OSError | UnicodeDecodeError) -> str:
    """Why `text` gives none, for a message."""
    return str(error.strerror) if isinstance(error, OSError) else "it is not UTF-8 text"


class NotJson(ValueError):
    """What is wrong with a JSON text, and on which line if one can be named."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.line = line


def parsed_json(text: bytes) -> Any:
    """The value of a JSON text of finite numbers, integers of 64 bits and whole characters. Raises NotJson."""
    try:
        value = pydantic_core.from_json(text.decode(), allow_inf_nan=False)
    except UnicodeDecodeError as error:
        raise NotJson("it is not text in UTF-8") from error
    except ValueError as error:
        line = _LINE.search(str(error))
        raise NotJson(str(error), int(line[1]) if line else None) from error
    for keys, why in unusable_numbers(value):
        raise NotJson(f"{'.'.join(map(str, keys)) or 'it'} {why}")
    return value


def unusable_numbers(value: object, keys: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """The numbers in a tree of values that no later arithmetic or database could take, each with what is wrong."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from unusable_numbers(inner, (*keys, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from unusable_numbers(inner, (*keys, index))
    elif isinstance(value, int) and value not in _WORD:
        yield keys, "is an integer of more than 64 bits"
    elif isinstance(value, float) and not math.isfinite(value):
        yield keys, "is no finite number"


def _refused(path: Path, why: str) -> OSError:
    return OSError(errno.EINVAL, why, str(path))
