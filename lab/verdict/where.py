"""How a check names the place that set its bound: file and line, as an annotation in a pull request needs them."""

from __future__ import annotations

from pathlib import Path

from lab import places


def where(file: Path, line: int | None = None) -> str:
    """`models/keyword-spotting/workload.toml:43`; a file outside of the project by its whole path."""
    project = places.project()
    inside = [path.relative_to(project) for path in (file, file.resolve()) if path.is_relative_to(project)]
    shown = (inside or [file])[0].as_posix()
    return f"{shown}:{line}" if line else shown
