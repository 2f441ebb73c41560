"""What is found in a folder of recordings, before any of it is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SILENCE, UNKNOWN = "silence", "unknown"


@dataclass(frozen=True)
class Place:
    """Where in a file of several axes a recording is: its `key`, such as "walking" or "acc/17", "" for the only one.

    It begins with the frame `first`, counted at the workload's rate. `dataset` is the dataset.toml that describes the
    file, None without one.
    """

    key: str = ""
    first: int = 0
    dataset: Path | None = None


@dataclass(frozen=True)
class Entry:
    """A recording, or a window of one: `name` is its path below the collection, `label` one of the workload's.

    `name` is unique in the collection; a window's tells where it begins, `subject_1600/walking@12.0s`. `speaker` is who
    is recorded, or the condition that is: what a split keeps together. It is empty where nothing tells. `place` is None
    for sound, of which a file holds one recording.
    """

    path: Path
    name: str
    label: str
    speaker: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class Collection:
    """The recordings of a folder, by folder and then by name; `notes` says what was left out or counted as unknown."""

    folder: Path
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)
