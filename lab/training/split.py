"""Who trains a model and who only judges it, by speaker: the rule of `models/<name>/split.toml`.

What a speaker falls to depends on that file and the speaker alone, so adding recordings moves nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from lab.configuration import Frozen, read_toml
from lab.recordings.collection import Collection, Entry
from lab.workload import Workload

FILE = "split.toml"

Part = Literal["train", "validation", "test"]


class Split(Frozen):
    """`test` and `validation` are shares of the speakers; `synthetic` is the file that tells synthetic voices apart."""

    salt: str
    synthetic: str
    test: float = Field(gt=0, lt=1)
    validation: float = Field(ge=0, lt=1)

    def part(self, speaker: str) -> Part:
        """Where a human speaker belongs."""
        digest = hashlib.sha256(f"{self.salt}:{speaker}".encode()).digest()
        position = int.from_bytes(digest[:4], "big") / 2**32
        if position < self.test:
            return "test"
        return "validation" if position < self.test + self.validation else "train"

    def is_synthetic(self, collection: Collection) -> bool:
        """Whether nobody real speaks in the collection."""
        return (collection.folder / self.synthetic).exists()

    def select(self, collections: Iterable[Collection], *parts: Part) -> Iterator[Entry]:
        """The entries of human speakers in these parts."""
        for collection in collections:
            if not self.is_synthetic(collection):
                yield from (entry for entry in collection if self.part(_speaker(entry)) in parts)

    def voices(self, collections: Iterable[Collection]) -> Iterator[Entry]:
        """The entries of synthetic voices."""
        for collection in collections:
            if self.is_synthetic(collection):
                yield from collection


def of(workload: Workload) -> Split:
    """The split beside the workload. Raises ConfigurationError."""
    return read_toml(workload.folder / FILE, Split)


def held_out(workload: Workload, collection: Collection) -> list[Entry]:
    """The recordings of a collection by speakers that the workload's shipped model never heard."""
    return list(of(workload).select([collection], "test"))


def _speaker(entry: Entry) -> str:
    return entry.speaker or entry.path.stem
