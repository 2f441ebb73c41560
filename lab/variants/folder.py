"""A folder of variants: each is a .tflite file, and its name the variant's."""

from __future__ import annotations

from pathlib import Path

from lab.errors import UsageError
from lab.workload import Workload

NAME = "variants"
_MOST = 100


def of(workload: Workload) -> Path:
    """Where the variants of a workload's model are kept."""
    return workload.folder / NAME


def file(folder: Path, name: str) -> Path:
    """Where the variant of that name is."""
    return folder / f"{name}.tflite"


def files(folder: Path, workload: Workload) -> list[Path]:
    """Every variant, by name. Raises UsageError for a folder without any, or with very many."""
    found = sorted(folder.glob("*.tflite")) if folder.is_dir() else []
    if not found:
        raise UsageError(
            f"There are no variants in {folder}: it has no .tflite file.",
            remedy=f"Type: lab train {workload.name} --variants all --recordings DIR",
            code="no-variants",
        )
    if len(found) > _MOST:
        raise UsageError(
            f"{folder} has {len(found):,} .tflite files; at most {_MOST} are compared.",
            remedy="Name a folder with the variants of one model alone.",
            code="no-variants",
        )
    return found
