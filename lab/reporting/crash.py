"""An exception that nobody foresaw, as an error that a user can act on."""

from __future__ import annotations

import errno
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from lab import places
from lab.errors import InfrastructureError, LabError, StorageError

MAKE_ROOM = "Free some space, or choose another place (--out for the run's folder, LAB_CACHE for the cache)."

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def as_lab_error(error: Exception, folder: Path | None = None) -> LabError:
    """`error` itself if it is a LabError; a full disk as a StorageError; else one that says where its traceback is.

    The file goes to `folder` (a run's), else to the cache.
    """
    if isinstance(error, LabError):
        return error
    if isinstance(error, OSError) and error.errno in _FULL:
        return StorageError(f"{error.filename or 'A file'} cannot be written: {error.strerror}.", remedy=MAKE_ROOM)
    what = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": ")
    file = _write("".join(traceback.format_exception(type(error), error, error.__traceback__)), folder)
    return InfrastructureError(
        f"The lab itself failed ({what}).",
        remedy=f"Please report it with {file}." if file else "Please report it.",
    )


def _write(text: str, folder: Path | None) -> Path | None:
    name = f"crash-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.txt"
    for place in _places(folder):
        try:
            (place / name).write_text(text, encoding="utf-8")
        except OSError:
            continue
        return place / name
    return None


def _places(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder
    with suppress(LabError):
        yield places.cache()
    with suppress(OSError):
        yield Path(tempfile.gettempdir())
