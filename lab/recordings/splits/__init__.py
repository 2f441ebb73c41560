"""Splits: which recordings train a model and which only judge it, `models/<name>/split.toml`, of several kinds."""

from __future__ import annotations

import sys

from lab import configured
from lab.recordings.collection import Collection, Entry
from lab.recordings.splits.split import Part, Split
from lab.workload import Workload

FILE = "split.toml"


def of(workload: Workload) -> Split:
    """The split beside the workload. Raises ConfigurationError."""
    return configured.read(workload.folder / FILE, sys.modules[__name__], Split)  # type: ignore[type-abstract]


def held_out(workload: Workload, collection: Collection) -> list[Entry]:
    """The recordings of a collection that the workload's shipped model never heard."""
    return list(of(workload).select([collection], "test"))


__all__ = ["FILE", "Part", "Split", "held_out", "of"]
