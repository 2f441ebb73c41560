"""Splits: which recordings train a model and which only judge it, `models/<name>/split.toml`, of several kinds."""

from __future__ import annotations

from lab import configured
from lab.recordings.splits._split import Part, Split
from lab.workload import Workload

FILE = "split.toml"


def of(workload: Workload) -> Split:
    """The split beside the workload. Raises ConfigurationError."""
    configured.check_there(workload.folder / FILE, "which recordings train its model and which judge it")
    return configured.read(workload.folder / FILE, __name__, Split)  # type: ignore[type-abstract]


__all__ = ["FILE", "Part", "Split", "of"]
