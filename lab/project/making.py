"""Laying down a project of the user's own, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab import disk, origin, places
from lab.errors import UsageError

_FILES = Path(__file__).with_name("files")
_LAID_DOWN = {
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "requirements.txt": "requirements.txt",
    "lab.yml": ".github/workflows/lab.yml",
}
_COPIED = (*places.FOLDERS, "baselines")
_MAY_BE_THERE = {".git"}
_NAMED = 5


@dataclass(frozen=True)
class Project:
    """A folder that was laid down, and what pip installs there to get this lab."""

    folder: Path
    requirement: origin.Requirement


def make(folder: Path, lab: str | None = None) -> Project:
    """Fill `folder` with a copy of the project that ships. It must be new, empty, or hold nothing but `.git`.

    `lab` is the address that colleagues and CI install the lab from, or None for where this one came from.

    Raises UsageError, with nothing touched, if it holds anything else or lies inside a project, and StorageError.
    """
    folder = folder.resolve()
    _refuse_what_is_taken(folder)
    needed = origin.of_this_lab() if lab is None else origin.at(lab)
    within = folder if folder.is_dir() else folder.parent
    with disk.writing(folder, elsewhere="name another folder"):
        within.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".lab-init-", dir=within, ignore_cleanup_errors=True) as beside:
            draft = Path(beside) / folder.name
            draft.mkdir()
            _lay_down(draft, needed)
            _publish(draft, folder)
    return Project(folder, needed)


def _refuse_what_is_taken(folder: Path) -> None:
    if (around := places.enclosing(folder)) is not None:
        taken = "is a project already" if around == folder else f"is inside a project, {around}"
        raise UsageError(
            f"{folder} {taken}. Nothing was touched.",
            remedy="Work in that one, or name a folder outside of it.",
            code="inside-a-project",
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file.", remedy="Name a new or empty folder.", code="folder-in-use")
    if folder.is_dir() and (there := sorted({path.name for path in folder.iterdir()} - _MAY_BE_THERE)):
        more = f" and {len(there) - _NAMED} more" if len(there) > _NAMED else ""
        raise UsageError(
            f"{folder} is not empty: it holds {', '.join(there[:_NAMED])}{more}. Nothing was touched.",
            remedy="Name a new or empty folder: lab init my-lab",
            code="folder-in-use",
        )


def _lay_down(draft: Path, needed: origin.Requirement) -> None:
    for name in _COPIED:
        for file in _files(places.shipped() / name):
            copy = draft / file.relative_to(places.shipped())
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)  # not its mode: what is installed may be write-protected
            if os.access(file, os.X_OK):
                copy.chmod(copy.stat().st_mode | 0o111)
    for name, path in _LAID_DOWN.items():
        text = (_FILES / name).read_text(encoding="utf-8")
        (draft / path).parent.mkdir(parents=True, exist_ok=True)
        (draft / path).write_text(text.replace("{requirement}", needed.line), encoding="utf-8")


def _files(folder: Path) -> Iterator[Path]:
    """Every file below it, save for bytecode, which pip leaves behind."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent.name != "__pycache__")


def _publish(draft: Path, folder: Path) -> None:
    """Give a new folder its name in one step. One that exists is filled, as it may be someone's current folder."""
    if not folder.exists():
        draft.rename(folder)
        return
    moved: list[Path] = []
    try:
        for entry in sorted(draft.iterdir()):
            moved.append(entry.rename(folder / entry.name))
    except BaseException:
        for entry in moved:
            entry.rename(draft / entry.name)
        raise
