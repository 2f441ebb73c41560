"""Where things are: the project's data folders, the user cache and the folder of runs.

A *project* is a folder with `firmware/`, `models/`, `renode_platforms/` and `robot_tests/`. In a checkout, or below a
user's own project (`lab init`), that folder wins; elsewhere what shipped with the lab is used. `LAB_PROJECT` names one
outright. One that is found must be the user's own: `lab.trust`.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from lab import disk, trust
from lab.errors import ConfigurationError, UsageError

FOLDERS = ("firmware", "models", "renode_platforms", "robot_tests")
_IN_THE_WHEEL = Path(__file__).parent / "data"


def project() -> Path:
    """The project folder in force.

    Raises ConfigurationError if `LAB_PROJECT` names something else, and UsageError if the one that was found from the
    current folder is not to be trusted; to name one is to trust it.
    """
    named = os.environ.get("LAB_PROJECT")
    if named:
        folder = Path(named).resolve()
        if not _is_project(folder):
            raise ConfigurationError(
                f"LAB_PROJECT is {folder}, which lacks one of {', '.join(FOLDERS)}.",
                remedy="Point it at a folder that has them, or unset it.",
                code="no-project",
            )
        return folder
    found = enclosing(Path.cwd())
    if found is None or found == shipped().resolve():  # the latter is as trusted as the lab that runs
        return shipped()
    trust.check(found, FOLDERS)
    return found


def enclosing(folder: Path) -> Path | None:
    """The nearest project at or above `folder`, which need not exist; None if there is none."""
    folder = folder.resolve()
    return next((above for above in (folder, *folder.parents) if _is_project(above)), None)


def shipped() -> Path:
    """The project that came with the lab: inside the wheel, or the checkout of an editable installation."""
    return _IN_THE_WHEEL if _is_project(_IN_THE_WHEEL) else Path(__file__).parent.parent


def is_installed(path: Path) -> bool:
    """Whether the path is part of the installed wheel, which nobody should write to."""
    return path.is_relative_to(_IN_THE_WHEEL)


def changeable(file: Path) -> Path:
    """The same path. Raises UsageError if it is part of the installed wheel."""
    if is_installed(file):
        raise UsageError(
            f"{file.relative_to(_IN_THE_WHEEL)} came with the lab and is not changed where the lab is installed.",
            remedy="Make a folder of your own with `lab init my-lab`, and type the same there.",
            code="not-your-project",
        )
    return file


def cache() -> Path:
    """The user's cache folder (`LAB_CACHE`, else the platform's): libraries and downloads, safe to delete.

    Raises StorageError.
    """
    folder = Path(os.environ.get("LAB_CACHE") or platformdirs.user_cache_dir("tinyml-device-lab"))
    with disk.writing(folder, elsewhere=disk.FOR_THE_CACHE):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _is_project(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in FOLDERS)
