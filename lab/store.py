"""The user cache as a store: an entry is a folder named after all that went into it, made once and never changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock

from lab import disk, places

OnStage = Callable[[str], None]
"""Called with what is being done, before what takes a while."""

_KEY_DIGITS = 16
_PARTIAL = ".partial"
_MONTH_S = 30 * 24 * 3600


def silently(_stage: str) -> None:
    """Tell nobody what is being done."""


def key(*parts: str | bytes) -> str:
    """A short hash of the parts; ("ab", "c") and ("a", "bc") differ."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "little"))
        digest.update(content)
    return digest.hexdigest()[:_KEY_DIGITS]


def content_of(folder: Path, files: Iterable[Path]) -> str:
    """A hash of names (below `folder`) and contents of files, in whatever order they are given."""
    parts: list[str | bytes] = []
    for file in sorted(files):
        parts += [file.relative_to(folder).as_posix(), file.read_bytes()]
    return key(*parts)


def entry(kind: str, name: Callable[[], str], make: Callable[[Path], None]) -> Path:
    """The folder `kind/name()` of the cache. Where it is absent, `make` fills a new one that is then moved into place.

    Two processes that ask at once make it once; one that is ended half-way leaves no entry. If the name is another
    one afterwards, its sources were edited meanwhile, and it is made again under the new one.
    Raises StorageError when the disk is full or the cache cannot be written, and whatever `make` raises.
    """
    while True:
        wanted = name()
        final = folder_of(kind) / wanted
        if final.is_dir():
            used(final)
            return final
        with locked(final):
            if not final.is_dir():
                _fill(final, make, lambda: name() == final.name)  # noqa: B023 - called within this turn


def folder_of(kind: str) -> Path:
    """The folder of all entries of that kind, without symbolic links.

    GCC writes resolved paths into debug information, and can hide only the path that it is told.
    """
    return (places.cache() / kind).resolve()


def _fill(final: Path, make: Callable[[Path], None], still_wanted: Callable[[], bool]) -> None:
    """For who holds the entry's lock. The folder is nobody else's: a compiler of a killed process may still write."""
    for left in final.parent.iterdir():
        if left.name.startswith(f"{final.name}{_PARTIAL}"):
            shutil.rmtree(left, ignore_errors=True)
    partial = final.with_name(f"{final.name}{_PARTIAL}-{uuid4().hex}")
    try:
        partial.mkdir()
        make(partial)
        if still_wanted():
            partial.rename(final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def used(folder: Path) -> None:
    """Note that the folder was used just now."""
    with suppress(OSError):
        os.utime(folder)


def forget_unused(kind: str) -> None:
    """Delete the entries of that kind that nobody has used for a month."""
    limit = time.time() - _MONTH_S
    for folder in (places.cache() / kind).iterdir():
        if folder.is_dir() and folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold `folder` against other processes; what the disk refuses meanwhile is a StorageError."""
    with disk.writing(folder, elsewhere=disk.FOR_THE_CACHE):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock")):
            yield
