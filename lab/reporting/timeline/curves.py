"""Scores over time, a curve for each label, and variables of the firmware."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.outcomes.inferences import Inferences, Scoring
from lab.reporting import replay_words
from lab.reporting.html import anomaly_view, signal_plot
from lab.reporting.timeline.lanes import Curves, Ticks

_EVENTS = ("c0", "c1", "c2", "c3", "c4")
_HIGHEST = 255
"""A threshold of probabilities is counted up to that."""
_ROOM = 1.05


def of_scores(told: Inferences, scoring: Scoring, labels: Sequence[str], tones: Mapping[str, str]) -> Curves:
    """Of inferences that said these labels; `tones` are of labels."""
    numbers, threshold, count = told.scores, float(scoring.threshold), told.scores.shape[1]
    if scoring.is_share:
        numbers, threshold = replay_words.share(numbers), threshold / _HIGHEST
    scale = _Scale(0, 1) if scoring.is_share else _scale(numbers, threshold)
    spoken = zip(labels, (map(int, scores) for scores in told.scores), strict=True)
    return Curves(
        name="scores",
        names=scoring.names,
        tones=[tones.get(name, "soft") if count > 1 else "c0" for name in scoring.names],
        times_s=told.ends_s,
        values=scale.shares(numbers),
        numbers=numbers,
        told=[f"{label}: {replay_words.scores(list(scores), scoring)}" for label, scores in spoken],
        ticks=scale.ticks(),
        joined=scoring.by_time,
        threshold=float(scale.shares(threshold)) if threshold else None,
        threshold_told=_threshold(scoring, threshold),
    )


def tones(events: Iterable[str]) -> dict[str, str]:
    """Colours of the labels of events; what is none has a soft one."""
    return {label: _EVENTS[place % len(_EVENTS)] for place, label in enumerate(events)}


def of_one(name: str, values: Sequence[tuple[float, float]], threshold: float | None = None) -> Curves:
    """Of a single score or variable: seconds and values."""
    times_s, numbers = np.array(values).T
    if threshold is None:
        scale = _Scale(*signal_plot.with_room(float(numbers.min()), float(numbers.max())))
    else:
        scale = _scale(numbers, threshold)
    return Curves(
        name=name,
        names=[name],
        tones=["c3"],
        times_s=times_s,
        values=scale.shares(numbers)[:, np.newaxis],
        numbers=numbers[:, np.newaxis],
        told=[f"{name} {number:,.10g}" for number in numbers],
        ticks=scale.ticks(),
        joined=True,
        threshold=None if threshold is None else float(scale.shares(threshold)),
        threshold_told="" if threshold is None else f"threshold {threshold:,.0f}",
    )


def _threshold(scoring: Scoring, threshold: float) -> str:
    words = f"threshold {threshold:.2f}" if scoring.is_share else f"threshold {threshold:,.0f}"
    return f"{words}, of the mean of {scoring.averaged} inferences" if scoring.averaged > 1 else words


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    logarithmic: bool = False

    def shares(self, values: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Of the way from `low` to `high`."""
        found, low, high = np.asarray(values, np.float64), self.low, self.high
        if self.logarithmic:
            found, low, high = np.log(np.maximum(found, 1)), math.log(low), math.log(high)
        return np.clip((found - low) / (high - low), 0, 1)

    def ticks(self) -> Ticks:
        if self.logarithmic:
            tens = range(math.ceil(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)
            return [(f"{10**power:,}", float(self.shares(10**power))) for power in tens]
        return list(signal_plot.ticks(self.low, self.high))


def _scale(numbers: NDArray[np.float64], threshold: float) -> _Scale:
    low, high = float(min(numbers.min(), threshold)), float(max(numbers.max(), threshold, 1))
    lowest = float(numbers.min())
    if anomaly_view.spread_far(lowest, high):
        return _Scale(max(lowest, 1) / _ROOM, high * _ROOM, logarithmic=True)
    return _Scale(low, high + (_ROOM - 1) * (high - low))
