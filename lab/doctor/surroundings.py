"""Where the lab reads and writes on this machine: the project in force, the cache, baselines, the history."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lab import disk, places
from lab.doctor.component import Component, looked_for
from lab.errors import LabError, StorageError

_NEEDED_BYTES = 500 * 10**6


@dataclass(frozen=True)
class Place:
    """A file or folder of the lab; `note` says why it is this one and what is in it."""

    name: str
    path: str
    note: str


def cache() -> Component:
    """The cache, which has to be writable and to have room for TFLM and its libraries."""

    def look() -> tuple[str, Path]:
        folder = places.cache()
        if not os.access(folder, os.W_OK):
            raise StorageError(
                f"{folder} cannot be written: it belongs to somebody else.",
                remedy="Set LAB_CACHE to a folder you own.",
                code="not-writable",
            )
        disk.check_room(folder, _NEEDED_BYTES, elsewhere=disk.FOR_THE_CACHE)
        return f"{_size(folder)}, {shutil.disk_usage(folder).free / 1e9:.1f} GB free", folder

    return looked_for("cache", "build", "keeps what was fetched and compiled; safe to delete", look)


def all_places() -> Iterator[Place]:
    """The project, its baselines, and the history of runs."""
    yield _place("project", _project)
    yield _place("baselines", _baselines)
    yield _place("history", _history)


def _place(name: str, look: Callable[[], tuple[Path, str]]) -> Place:
    try:
        path, note = look()
    except LabError as error:
        return Place(name, "", f"{error.message} {error.remedy}")
    return Place(name, str(path), note)


def _project() -> tuple[Path, str]:
    folder = places.project()
    if os.environ.get("LAB_PROJECT"):
        return folder, "LAB_PROJECT names it"
    if folder == places.enclosing(Path.cwd()):
        return folder, "this checkout" if folder == places.shipped() else "the project that this folder is in"
    return folder, "the one shipped with the lab, as this folder is in no project; `lab init` makes one of your own"


def _baselines() -> tuple[Path, str]:
    folder = places.project() / "baselines"
    count = len(list(folder.glob("*/*.json")))
    return folder, f"{count} files" if count else "none yet: `lab baseline update` keeps the last run's"


def _history() -> tuple[Path, str]:
    from lab.history import database  # noqa: PLC0415  (SQLAlchemy may be what is missing)

    file = database.location().absolute()
    return file, f"{file.stat().st_size / 1e3:,.0f} kB" if file.exists() else "none yet: the first run creates it"


def _size(folder: Path) -> str:
    """What the files below the folder take up on the disk."""
    blocks = sum(path.lstat().st_blocks for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return f"{blocks * 512 / 1e6:,.0f} MB used"
