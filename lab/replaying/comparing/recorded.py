"""What the trace itself says that the device made of it: the inferences that a flight recorder left in it as marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf

from lab.errors import RecordingError
from lab.features import Features
from lab.outcomes.replay import ReplayedInference
from lab.recorder import tracing
from lab.replaying.comparing.first import Pair
from lab.signals.input import Input
from lab.traces.trace import RecordedSignal, Trace

_ROUNDED_S = 1e-6
_MISSING = 1.5
"""Periods from one frame to the next at least, where one is missing."""


def inferences(
    trace: Trace, signal: RecordedSignal, heard: Input, features: Features, from_s: float
) -> tuple[ReplayedInference, ...]:
    """Those of which all frames are in the trace from `from_s` on.

    Features that remember what was heard before give other scores where the trace does not begin with the device's
    start: these are left out then. Raises RecordingError for a trace without any.
    """
    window_s = features.frames(heard) / heard.rate_hz
    has_all = from_s == 0 and tracing.is_since_start(trace.marks)
    tells_scores = has_all or not features.remember
    told = [(mark.time_s, said) for mark in trace.marks if (said := tracing.inferred(mark)) is not None]
    found = tuple(
        ReplayedInference(number, time_s, time_s, label, scores if tells_scores else ())
        for time_s, (number, label, _detected, scores) in sorted(told)
        if time_s - window_s >= from_s - _ROUNDED_S and not _has_hole(signal, time_s - window_s, time_s)
    )
    if not found:
        there = f"its {len(told)} inferences are of frames that are not all there" if told else "it has none"
        raise RecordingError(
            f"The trace says of no inference what the device made of it: {there}.",
            remedy="Name a trace that `lab record` made, and that is longer than an input of the model.",
            code="recorded-inferences",
        )
    return found


def by_time(here: Sequence[ReplayedInference], recorded: Sequence[ReplayedInference]) -> Iterator[Pair]:
    """Each recorded one, at the end of its frames, with the first that was replayed after that and before the next."""
    left = iter(here)
    one = next(left, None)
    ends = [*(each.begin_s for each in recorded[1:]), inf]
    for each, next_s in zip(recorded, ends, strict=True):
        while one is not None and one.begin_s < each.begin_s:
            one = next(left, None)
        yield (one if one is not None and one.begin_s < next_s else None), each


def _has_hole(signal: RecordedSignal, begin_s: float, end_s: float) -> bool:
    times = signal.times_s
    if times is None:
        return False
    within = times[(times >= begin_s - _ROUNDED_S) & (times < end_s)]
    edges = (begin_s, *within.tolist(), end_s)
    return any(after - before > _MISSING / signal.rate_hz for before, after in pairwise(edges))
