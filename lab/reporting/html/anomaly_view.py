"""How well a score tells what is unusual from what is normal: its ROC curve, and how scores lie about the threshold."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lab.decisions.anomaly import ANOMALY, NORMAL
from lab.metrics.anomalies import area

_BINS = 22
_SPREAD = 20
"""Scores whose highest is so many times their lowest are on a logarithmic scale."""

Scored = Sequence[tuple[str, int]]
"""Label and score of each."""


@dataclass(frozen=True)
class Curve:
    """The ROC curve as a path in a box of 100 x 100, and in shares what the threshold finds, and takes for it."""

    path: str
    auc: float
    found: float
    falsely: float


@dataclass(frozen=True)
class Bars:
    """How many of a label have a score in each bin, whose bounds are in words."""

    label: str
    total: int
    bins: tuple[tuple[str, int], ...]

    @property
    def highest(self) -> int:
        """The highest count, at least 1."""
        return max(1, *(count for _, count in self.bins))


@dataclass(frozen=True)
class AnomalyView:
    """`threshold_at` is where it stands, as a share of the width of the bars; `curve` is None unless there are both."""

    threshold: int
    threshold_at: float
    logarithmic: bool
    ends: tuple[str, str]
    bars: tuple[Bars, ...]
    curve: Curve | None

    @classmethod
    def of(cls, scored: Scored, threshold: int) -> AnomalyView | None:
        """None where nothing has a score."""
        if not scored:
            return None
        scores = [threshold, *(score for _, score in scored)]
        low, high = min(scores), max(scores)
        logarithmic = spread_far(low, high)
        place: Callable[[float], float] = (lambda score: math.log(max(score, 1))) if logarithmic else float
        back: Callable[[float], float] = math.exp if logarithmic else float
        width = (place(high) - place(low)) / _BINS or 1.0
        # An edge is at the threshold, so that no bin has scores on both sides of it.
        first = min(-1, math.floor((place(low) - place(threshold)) / width))
        last = max(1, math.ceil((place(high) - place(threshold)) / width))
        edges = [back(place(threshold) + number * width) for number in range(first, last + 1)]

        def bin_of(score: int) -> int:
            return min(max(math.ceil((place(score) - place(threshold)) / width) - 1, first), last - 1) - first

        return cls(
            threshold=threshold,
            threshold_at=-first / (last - first),
            logarithmic=logarithmic,
            ends=(f"{edges[0]:,.0f}", f"{edges[-1]:,.0f}"),
            bars=tuple(
                _bars(label, [bin_of(score) for of, score in scored if of == label], edges)
                for label in (NORMAL, ANOMALY)
            ),
            curve=_curve(scored, threshold),
        )


def spread_far(low: float, high: float) -> bool:
    """Whether scores between these are shown on a logarithmic scale."""
    return low >= 0 and high > _SPREAD * max(low, 1)


def _bars(label: str, found: Sequence[int], edges: Sequence[float]) -> Bars:
    words = (f"above {low:,.0f}, up to {high:,.0f}" for low, high in pairwise(edges))
    return Bars(label, len(found), tuple((bounds, found.count(number)) for number, bounds in enumerate(words)))


def _curve(scored: Scored, threshold: int) -> Curve | None:
    auc = area(scored)
    if auc is None:
        return None
    normal, anomaly = (np.sort([score for of, score in scored if of == label]) for label in (NORMAL, ANOMALY))
    steps = np.unique(np.concatenate([normal, anomaly]))[::-1]
    falsely = 1 - np.searchsorted(normal, steps) / len(normal)
    found = 1 - np.searchsorted(anomaly, steps) / len(anomaly)
    points = [f"{100 * x:.1f} {100 - 100 * y:.1f}" for x, y in zip(falsely.tolist(), found.tolist(), strict=True)]
    return Curve(
        path="M0 100L" + "L".join(dict.fromkeys(points)),
        auc=auc,
        found=float((anomaly > threshold).mean()),
        falsely=float((normal > threshold).mean()),
    )
