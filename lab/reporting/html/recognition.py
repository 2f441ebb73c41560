"""How well labels were told apart: shades of the confusion matrix, accuracy by label, scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from lab.reporting.html.anomaly_view import AnomalyView
from lab.verdict.result import Clip, Confusion, Run

_LOWEST, _VALUES, _BINS = -128, 256, 16
_BIN_WIDTH = _VALUES // _BINS


@dataclass(frozen=True)
class Recognition:
    """What was decided of each `noun`, a recording or a window of a stream; `linked` if the page lists them.

    An anomaly score has `anomaly` in the place of `histograms`.
    """

    noun: str
    linked: bool
    labels: list[LabelRow]
    histograms: list[Histogram]
    anomaly: AnomalyView | None

    @classmethod
    def of(cls, run: Run) -> Recognition | None:
        """Of recordings that were played one by one, or of the windows of a stream whose label is known."""
        windows = [(one.label, one) for one in run.stream.windows if one.label is not None] if run.stream else []
        confusion = run.confusion or _confusion([(label, one.decided) for label, one in windows])
        if confusion is None:
            return None
        every = [*((clip.label, clip.scores) for clip in run.clips), *((label, one.scores) for label, one in windows)]
        scored = [(label, scores[0]) for label, scores in every if scores]
        return cls(
            noun="window" if run.stream else "recording",
            linked=bool(run.clips),
            labels=label_rows(confusion),
            histograms=histograms(run.clips) if run.clips and run.threshold is None else [],
            anomaly=AnomalyView.of(scored, run.threshold) if run.threshold is not None else None,
        )


def _confusion(pairs: Sequence[tuple[str, str]]) -> Confusion | None:
    """Of true and decided labels."""
    if not pairs:
        return None
    labels = tuple(sorted({label for pair in pairs for label in pair}))
    counts = Counter(pairs)
    return Confusion(labels=labels, counts=tuple(tuple(counts[row, column] for column in labels) for row in labels))


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
