"""By time: a model is judged on what came after the recordings that trained it, of the same people or machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import floor
from typing import Literal

from pydantic import Field

from lab.errors import RecordingError
from lab.recordings.collection import Collection
from lab.recordings.splits._split import Part, Split


class Settings(Split):
    """The recordings of one label and of one person, or one speed of a machine, are a series in the order of time.

    Of each the end is for testing, before that comes validation; `gap` recordings between two parts are in neither, as
    what is close in time is alike. Those of the labels `judge_only` are all for testing.
    """

    kind: Literal["time"] = "time"
    gap: int = Field(default=0, ge=0, le=1_000)
    judge_only: tuple[str, ...] = ()

    def parts(self, collection: Collection) -> list[Part | None]:
        """By the place in the series; None in a gap."""
        series: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, entry in enumerate(collection):
            series[entry.speaker, entry.label].append(index)
        found: list[Part | None] = [None] * len(collection)
        for (_, label), members in series.items():
            for place, index in enumerate(members):
                found[index] = "test" if label in self.judge_only else self._part(place, len(members))
        return found

    def _part(self, place: int, count: int) -> Part | None:
        judged = _share(1 - self.test, count)
        kept = _share(1 - self.test - self.validation, count)
        if place < kept:
            return "train"
        if kept + self.gap <= place < judged:
            return "validation"
        return "test" if place >= judged + self.gap else None

    def check(self, collections: Sequence[Collection]) -> None:
        """Each part has to get something of each label that trains."""
        for collection in self.recorded(collections):
            labels = {entry.label for entry in collection} - set(self.judge_only)
            there = {(entry.label, part) for entry, part in zip(collection, self.parts(collection), strict=True)}
            for label in sorted(labels):
                if not {(label, "train"), (label, "test")} <= there:
                    count = sum(entry.label == label for entry in collection)
                    raise RecordingError(
                        f"{collection.folder} has too few recordings of {label} to be split by time: {count}, of which "
                        f"{self.gap} between two parts are left out.",
                        remedy="Record more, or set gap and the shares in split.toml.",
                        code="too-few-to-split",
                    )


def _share(share: float, count: int) -> int:
    return floor(share * count + 1e-9)
