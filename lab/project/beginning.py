"""A workload to begin with: a copy of one that there is, under a name of its own."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from lab import disk, workload
from lab.errors import UnknownName, UsageError
from lab.workload import Workload

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 60
_OF_ITS_MODEL = ("MODEL_CARD.md",)
"""Is about the other's model, and stays with it."""


def like(name: str | None, sensor: str | None) -> Workload:
    """The workload to copy: that of the name, or the first of a sensor. Raises UnknownName, and as `load` does."""
    if name is not None:
        found = workload.load(name)
        if sensor is not None and found.input.sensor != sensor:
            raise UsageError(
                f"{name} is for the {found.input.sensor}, not for the {sensor}.", remedy="Leave out --sensor or --like."
            )
        return found
    every = [workload.load(one) for one in workload.names()]
    of_sensor = [one for one in every if one.input.sensor == sensor]
    if not of_sensor:
        raise UnknownName("sensor", sensor or "", {one.input.sensor for one in every})
    return of_sensor[0]


def alike(one: Workload) -> list[str]:
    """The other workloads of its sensor."""
    every = (workload.load(name) for name in workload.names())
    return [other.name for other in every if other.input.sensor == one.input.sensor and other.name != one.name]


def check_name(name: str) -> None:
    """Raises UsageError for a name that no folder, suite and image can have."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise UsageError(
            f"{name!r} is no name for a workload.",
            remedy="Use small letters and digits, with hyphens between words: my-gesture.",
        )


def begin(project: Path, name: str, model: Workload) -> Path:
    """Copy the workload into `models/<name>` of the project, with its model file named after it, whole or not at all.

    Raises UsageError if there is one of that name, and StorageError.
    """
    check_name(name)
    folder = project / "models" / name
    if folder.exists():
        raise UsageError(
            f"{folder} is there already. Nothing was touched.", remedy="Choose another name.", code="folder-in-use"
        )
    with (
        disk.writing(folder, elsewhere="name another folder"),
        tempfile.TemporaryDirectory(prefix=".lab-init-", dir=folder.parent, ignore_cleanup_errors=True) as beside,
    ):
        draft = Path(beside) / name
        shutil.copytree(model.folder, draft, copy_function=shutil.copyfile, ignore=_left_out)
        renamed = f"{name.replace('-', '_')}{Path(model.model).suffix}"
        (draft / model.model).rename(draft / renamed)
        text = (draft / model.file.name).read_text(encoding="utf-8")
        text = re.sub(r"^title = .*$", f'title = "{name}"', text, count=1, flags=re.MULTILINE)
        text = re.sub(r"^model = .*$", f'model = "{renamed}"', text, count=1, flags=re.MULTILINE)
        text = re.sub(r'^source = "', f'source = "those of {model.name}: ', text, count=1, flags=re.MULTILINE)
        (draft / model.file.name).write_text(text, encoding="utf-8")
        draft.rename(folder)
    return folder


def _left_out(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name in _OF_ITS_MODEL or name == "__pycache__"]
