"""How well labels were told apart: shades of the confusion matrix, accuracy by label, histogram of scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from lab.verdict.result import Clip, Confusion

_LOWEST, _VALUES, _BINS = -128, 256, 16
_BIN_WIDTH = _VALUES // _BINS


@dataclass(frozen=True)
class LabelRow:
    """A row of the matrix: `heat` is each count's share of it; `mistakes`, commonest first, what it was taken for."""

    label: str
    counts: tuple[int, ...]
    heat: tuple[float, ...]
    right: int
    total: int
    mistakes: tuple[tuple[str, int], ...]


def label_rows(confusion: Confusion) -> list[LabelRow]:
    """A row for each label, in the order of the matrix."""
    return [_label_row(index, confusion) for index in range(len(confusion.labels))]


def _label_row(index: int, confusion: Confusion) -> LabelRow:
    counts = confusion.counts[index]
    total = sum(counts)
    named = zip(confusion.labels, counts, strict=True)
    mistakes = [(label, count) for column, (label, count) in enumerate(named) if count and column != index]
    return LabelRow(
        label=confusion.labels[index],
        counts=counts,
        heat=tuple(round(count / total, 3) if total else 0.0 for count in counts),
        right=counts[index],
        total=total,
        mistakes=tuple(sorted(mistakes, key=lambda mistake: -mistake[1])),
    )


@dataclass(frozen=True)
class Histogram:
    """How many recordings had their highest score in each of 16 equal bins from -128 to 127."""

    name: str
    counts: tuple[int, ...]
    median: float | None

    @property
    def highest(self) -> int:
        """The highest count, at least 1."""
        return max(1, *self.counts)

    @property
    def total(self) -> int:
        """How many recordings."""
        return sum(self.counts)

    @property
    def bins(self) -> list[tuple[int, int, int]]:
        """First score, last score and count of each bin."""
        starts = range(_LOWEST, _LOWEST + _VALUES, _BIN_WIDTH)
        return [(start, start + _BIN_WIDTH - 1, count) for start, count in zip(starts, self.counts, strict=True)]


def histograms(clips: Sequence[Clip]) -> list[Histogram]:
    """The highest scores of recordings decided rightly, and of those decided wrongly."""
    scored = [clip for clip in clips if clip.scores]
    return [
        _histogram("right", [max(clip.scores) for clip in scored if clip.correct]),
        _histogram("wrong", [max(clip.scores) for clip in scored if not clip.correct]),
    ]


def _histogram(name: str, scores: Sequence[int]) -> Histogram:
    places = [(score - _LOWEST) // _BIN_WIDTH for score in scores]
    return Histogram(name, tuple(places.count(place) for place in range(_BINS)), median(scores) if scores else None)
