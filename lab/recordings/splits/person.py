"""By person: whoever judges a model has not trained it.

Where somebody belongs depends on the file and the name alone, so adding recordings moves nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Literal

from lab.configuration import Frozen
from lab.errors import RecordingError
from lab.recordings.collection import Collection, Entry
from lab.recordings.splits._split import Part, Split
from lab.signals import dataset

_PARTS: tuple[Part, ...] = ("test", "validation", "train")
_BY_TIME = 'kind = "time" in split.toml (docs/training.md), which judges how well it knows these people.'
_EXAMPLE = dataset.line("person", "(?P<person>[^/_]+)_[^/]*$", "ann of shake/ann_03.csv")


class Named(Frozen):
    """People, or recordings, by pattern (`person_01`, `negative_ccw_1/*`); a pattern of an earlier part goes first."""

    test: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()
    train: tuple[str, ...] = ()


class Settings(Split):
    """`test` and `validation` are shares of the people that `named` does not place; `salt` draws them."""

    kind: Literal["person"] = "person"
    salt: str
    named: Named = Named()

    def part(self, person: str) -> Part:
        """Where somebody belongs who is not named."""
        digest = hashlib.sha256(f"{self.salt}:{person}".encode()).digest()
        position = int.from_bytes(digest[:4], "big") / 2**32
        if position < self.test:
            return "test"
        return "validation" if position < self.test + self.validation else "train"

    def parts(self, collection: Collection) -> list[Part]:
        """By who is recorded, or else by the file's name."""
        return [next(self._named(entry), self.part(_person(entry))) for entry in collection]

    def _named(self, entry: Entry) -> Iterator[Part]:
        for part in _PARTS:
            patterns: tuple[str, ...] = getattr(self.named, part)
            if any(fnmatchcase(name, pattern) for pattern in patterns for name in (_person(entry), entry.name)):
                yield part

    def check(self, collections: Sequence[Collection]) -> None:
        """One person, or nobody that is named, cannot be split."""
        self.check_known(collections)
        people = {entry.speaker for collection in self.recorded(collections) for entry in collection}
        if len(people) == 1 and (only := people.pop()):
            raise RecordingError(
                f"All recordings are of {only}: they cannot be split by person.",
                remedy="Add recordings of somebody else, or split by time: " + _BY_TIME,
                code="one-person",
            )

    def check_known(self, collections: Sequence[Collection]) -> None:
        """Files of nobody known would be split at random, and the same person be on both sides."""
        every = [entry for collection in self.recorded(collections) for entry in collection]
        if every and not any(entry.speaker or next(self._named(entry), None) for entry in every):
            raise RecordingError(
                "Nothing says who is recorded: the recordings cannot be split by person.",
                remedy=f"Say it in {dataset.FILE} beside them (docs/recordings.md), such as by the beginning of their "
                f"names, or split by time: {_BY_TIME}\n{_EXAMPLE}",
                code="one-person",
            )


def _person(entry: Entry) -> str:
    return entry.speaker or entry.path.stem
