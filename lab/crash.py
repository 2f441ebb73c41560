"""An exception that nobody foresaw, as an error that a user can act on."""

from __future__ import annotations

import errno
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from lab import disk, places
from lab.errors import REPORT, InfrastructureError, LabError, UsageError, out_of_memory

_ELSEWHERE = "choose another place (--out for the run's folder, LAB_CACHE for the cache)"


def as_lab_error(error: Exception, folder: Path | None = None) -> LabError:
    """`error` itself if it is a LabError; a full disk as a StorageError, a name that is too long as a
    UsageError; else one that says where its traceback is.

    The file goes to `folder` (a run's), else to the cache.
    """
    if isinstance(error, LabError):
        return error
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return out_of_memory()
    if isinstance(error, OSError) and disk.is_full(error):
        return disk.full(Path(error.filename or "A file"), elsewhere=_ELSEWHERE)
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return UsageError(
            f"{str(error.filename)[:60]}… is no name that a file can have: {error.strerror}.",
            remedy="Name it with fewer characters; most systems take 255 between two slashes.",
            code="name-too-long",
        )
    what = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": ")
    file = _write("".join(traceback.format_exception(type(error), error, error.__traceback__)), folder)
    return InfrastructureError(
        f"The lab itself failed ({what}).",
        remedy=f"Please report it with {file}." if file else REPORT,
        code="internal",
    )


def _write(text: str, folder: Path | None) -> Path | None:
    name = f"crash-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.txt"
    for place in _places(folder):
        try:
            disk.write(place / name, text, elsewhere=_ELSEWHERE)
        except (LabError, OSError):
            continue
        return place / name
    return None


def _places(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder
    with suppress(LabError, OSError):
        yield places.cache()
    with suppress(OSError):
        yield Path(tempfile.gettempdir())
