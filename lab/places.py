"""Where things are: the project's data folders, the user cache and the folder of runs.

A *project* is a folder with `firmware/`, `models/`, `renode_platforms/` and `robot_tests/`. In a checkout, or below a
user's own project, that folder wins; elsewhere the copy inside the wheel is used. `LAB_PROJECT` names one outright.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from lab.errors import ConfigurationError, StorageError

_FOLDERS = ("firmware", "models", "renode_platforms", "robot_tests")


def project() -> Path:
    """The project folder in force. Raises ConfigurationError if `LAB_PROJECT` names something else."""
    named = os.environ.get("LAB_PROJECT")
    if named:
        folder = Path(named).resolve()
        if not _is_project(folder):
            raise ConfigurationError(
                f"LAB_PROJECT is {folder}, which lacks one of {', '.join(_FOLDERS)}.",
                remedy="Point it at a folder that has them, or unset it.",
            )
        return folder
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if _is_project(folder):
            return folder
    packaged = Path(__file__).parent / "data"
    return packaged if _is_project(packaged) else Path(__file__).parent.parent


def cache() -> Path:
    """The user's cache folder (`LAB_CACHE`, else the platform's): libraries and downloads, safe to delete."""
    folder = Path(os.environ.get("LAB_CACHE") or platformdirs.user_cache_dir("tinyml-device-lab"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The cache folder {folder} cannot be made: {error.strerror}.",
            remedy="Set LAB_CACHE to a folder you own.",
        ) from error
    return folder


def _is_project(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in _FOLDERS)
