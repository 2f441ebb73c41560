"""Files that are written whole or not at all, and what the disk refuses, as one error.

A file is written beside its place, under a name of its own, and takes the place when all of it is on the disk. Whoever
reads it, or finds it after the lab was killed or the disk was full, has all of the earlier one or all of the new one.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from lab.errors import StorageError

FOR_THE_CACHE = "set LAB_CACHE to a folder elsewhere"
FOR_A_RUN = "name another folder with --out"

_DRAFT = re.compile(r"\..+\.[0-9a-f]{8}", re.DOTALL)
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


@contextmanager
def replacing(file: Path, *, elsewhere: str) -> Iterator[BinaryIO]:
    """A stream whose content takes the file's place at the end, unless there is an exception. Raises StorageError.

    Who may read it is up to the umask, as for a file that is opened the usual way.
    """
    with writing(file, elsewhere=elsewhere):
        _refuse_folder(file)
        draft = _draft_of(file)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(file)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def check_writable(file: Path, *, elsewhere: str) -> None:
    """Raises StorageError unless a file can be written there, for those who would find out after hours."""
    with writing(file, elsewhere=elsewhere):
        _refuse_folder(file)
        draft = _draft_of(file)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        draft.unlink()


def _refuse_folder(place: Path) -> None:
    if place.is_dir():  # "." has no name to make a draft's of
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))


def _draft_of(place: Path) -> Path:
    """A name of its own beside that place, which `_DRAFT` knows."""
    return place.with_name(f".{place.name[:100]}.{secrets.token_hex(4)}")


def remove_drafts(folder: Path) -> None:
    """Remove what writers left in a folder that were killed; nobody may be writing there now."""
    for file in folder.glob(".*"):
        if _DRAFT.fullmatch(file.name) and file.is_file():
            file.unlink(missing_ok=True)


@contextmanager
def folder_replacing(folder: Path, *, elsewhere: str) -> Iterator[Path]:
    """A new folder that takes the place of the other at the end, unless there is an exception. Raises StorageError."""
    with writing(folder, elsewhere=elsewhere):
        place = folder.resolve()
        draft = _draft_of(place)
        before = draft.with_name(f"{draft.name}.old")
        draft.mkdir(parents=True)
        try:
            yield draft
            if place.exists():
                place.rename(before)
            draft.rename(place)
        except BaseException:
            if before.exists():
                before.rename(place)
            raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            shutil.rmtree(before, ignore_errors=True)


def write(file: Path, content: str | bytes, *, elsewhere: str) -> None:
    """Write a file, text as UTF-8. Raises StorageError, and then leaves what was there before."""
    with replacing(file, elsewhere=elsewhere) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def copy(source: Path, file: Path, *, elsewhere: str) -> None:
    """Write a file of the same content. Raises StorageError, and OSError if the source cannot be read."""
    write(file, source.read_bytes(), elsewhere=elsewhere)


def each(writers: Iterable[tuple[Path, Callable[[], object]]]) -> None:
    """Write one file after the other, whichever cannot be written. Raises one StorageError that names all of those."""
    failed: dict[Path, StorageError] = {}
    for file, write_it in writers:
        try:
            write_it()
        except StorageError as error:
            failed[file] = error
    if failed:
        (_, first), *others = failed.items()
        besides = f"; nor can {', '.join(file.name for file, _ in others)}" if others else ""
        raise StorageError(f"{first.message.rstrip('.')}{besides}.", remedy=first.remedy, code=first.code)


def _has_nowhere_to_be(error: OSError, place: Path) -> bool:
    """Whether `place`, or a draft beside it, cannot come to be: what is above it is no folder of a disk: /proc."""
    if error.errno != errno.ENOENT or not isinstance(error.filename, str | os.PathLike):
        return False
    missing = Path(error.filename)
    is_draft = missing.name.startswith(".") and missing.parent in (place, *place.parents)
    return is_draft or place.is_relative_to(missing)


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
