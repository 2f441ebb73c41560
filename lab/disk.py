"""What the disk refuses, as one error: it is full, or the place is not ours to write to."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.errors import StorageError

FOR_THE_CACHE = "set LAB_CACHE to a folder elsewhere"
FOR_A_RUN = "name another folder with --out"

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (
    *(errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP, errno.EIO),
)


@contextmanager
def writing(place: Path, *, elsewhere: str) -> Iterator[None]:
    """Turn what the disk refuses meanwhile into a StorageError that names `place`; other errors pass.

    `elsewhere` is how the user chooses another place, such as FOR_THE_CACHE.
    """
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise full(place, elsewhere=elsewhere) from error
        if error.errno not in _REFUSED and not _has_nowhere_to_be(error, place):
            raise
        raise StorageError(
            f"{place} cannot be written: {error.strerror}.",
            remedy=f"Make it a place that you can write to, or {elsewhere}.",
            code="not-writable",
        ) from error


def _has_nowhere_to_be(error: OSError, place: Path) -> bool:
    """Whether `place` cannot come to be because what is above it is no folder of a disk, such as /proc."""
    return error.errno == errno.ENOENT and error.filename is not None and place.is_relative_to(error.filename)


def is_full(error: OSError) -> bool:
    """Whether the disk, or a share of it, has no room left; `shutil` gives the reasons of a whole tree as text."""
    return error.errno in _FULL or (isinstance(error, shutil.Error) and was_full(str(error)))


def was_full(output: str) -> bool:
    """Whether a program that failed says that its disk is full."""
    return os.strerror(errno.ENOSPC) in output


def check_ended(place: Path, status: int, output: str, *, elsewhere: str) -> None:
    """Raises StorageError if a program that wrote to `place` failed for want of room; other failures pass."""
    if status != 0 and was_full(output):
        raise full(place, elsewhere=elsewhere, details=output)


def full(place: Path, *, elsewhere: str, details: str = "") -> StorageError:
    """The error for a disk without room for `place`, to be raised; `details` is the last output of whoever met it."""
    return StorageError(
        f"{place} cannot be written: {os.strerror(errno.ENOSPC)}.",
        remedy=f"Free some space there, or {elsewhere}.",
        details=details,
        code="disk-full",
    )


def check_room(place: Path, needed: int, *, elsewhere: str) -> None:
    """Raises StorageError if the disk that `place` is or will be on has less than `needed` bytes left."""
    there = next(path for path in (place, *place.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        raise StorageError(
            f"{place} needs {needed / 1e6:,.0f} MB; {free / 1e6:,.0f} MB are free there.",
            remedy=f"Free some space there, or {elsewhere}.",
            code="disk-full",
        )
