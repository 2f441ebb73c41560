"""What `lab compare` and `lab baseline` are given: a run's folder, its `result.json`, or a baseline's file."""

from __future__ import annotations

from pathlib import Path

from lab import files
from lab.reporting import run_folder
from lab.verdict import baseline
from lab.verdict.side_by_side import Side

_BEGINNING = 200  # bytes: the schema is a baseline's first key


def read(place: Path) -> Side:
    """The runs in a folder or file. Raises UsageError, or ConfigurationError for a baseline that is broken."""
    if _is_baseline(place):
        return Side.of_baseline(str(place), baseline.read(place))
    return Side.of_result(str(place), run_folder.read_result(place))


def _is_baseline(place: Path) -> bool:
    try:
        with files.opened(place, baseline.MOST_BYTES) as file:
            return baseline.SCHEMA.encode() in file.read(_BEGINNING)
    except OSError:  # a folder, or nothing: who reads it as a run says so
        return False
