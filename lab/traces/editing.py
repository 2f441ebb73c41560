"""Traces made of traces: a part of one, one at even times or at another rate, one with another mixed in.

Nothing is computed before its frames are read, and sound never is in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np

from lab.errors import UsageError
from lab.signals import resampling, timing, units
from lab.traces.streamed import Streamed
from lab.traces.trace import Frames, Held, RecordedSignal, Trace, Values

_BLOCK = 2**16


def nominal(signal: RecordedSignal) -> RecordedSignal:
    """Its frames one after the other at the nominal rate, whatever their times: jitter, drift and gaps are gone."""
    return replace(signal, times_s=None, start_s=signal.begin_s)


def at_rate(signal: RecordedSignal, rate_hz: float) -> RecordedSignal:
    """A signal resampled; one at uneven times, which fits into memory, is interpolated linearly before.

    Raises UsageError where it has gaps that are too long for that.
    """
    if signal.times_s is not None:
        signal = _even(signal, signal.times_s)
    if signal.rate_hz == rate_hz:
        return signal
    frames = max(1, round(len(signal.frames) * rate_hz / signal.rate_hz))
    source, columns = signal, len(signal.axes)

    def begin() -> Iterator[Values]:
        return resampling.resampled(source.blocks(_BLOCK), columns, source.rate_hz, rate_hz)

    return replace(signal, frames=Streamed(frames, columns, begin), rate_hz=rate_hz)


def _even(signal: RecordedSignal, times_s: Values) -> RecordedSignal:
    values = signal.frames.read(0, len(signal.frames))
    try:
        found = timing.even(values, times_s, lambda frame: f"frame {frame:,}, at {times_s[frame]:.6g} s")
    except timing.Uneven as error:
        raise UsageError(
            f"The trace {error}, so that it has no values at an even rate.",
            remedy="Cut it there: `lab trace cut`. Or take its frames as they follow each other: --timing nominal.",
            code="trace-uneven",
        ) from error
    return replace(
        signal,
        frames=Held(found.values),
        rate_hz=found.rate_hz,
        times_s=None,
        start_s=signal.begin_s,
        encoding="float64",
    )


@dataclass(frozen=True)
class _Part:
    """Frames from `first` on."""

    of: Frames
    first: int
    count: int

    def __len__(self) -> int:
        return self.count

    def read(self, first: int, count: int) -> Values:
        return self.of.read(self.first + first, max(0, min(count, self.count - first)))


def cut(trace: Trace, from_s: float, to_s: float) -> Trace:
    """What there is of a trace from one time to another, which begins at 0 s. Labels are cut at both ends too.

    Raises UsageError if no frame is left.
    """
    signals = tuple(part for signal in trace.signals if (part := _cut(signal, from_s, to_s)) is not None)
    if trace.signals and not signals:
        raise UsageError(
            f"There is no frame from {from_s:g} to {to_s:g} s: the trace ends at {trace.end_s:g} s.",
            remedy="Correct --from and --to.",
        )
    return Trace(
        signals,
        tuple(
            replace(one, start_s=max(0.0, one.start_s - from_s), end_s=min(one.end_s, to_s) - from_s)
            for one in trace.labels
            if one.start_s < to_s and one.end_s > from_s
        ),
        tuple(replace(one, time_s=one.time_s - from_s) for one in trace.marks if from_s <= one.time_s < to_s),
        tuple(replace(one, time_s=one.time_s - from_s) for one in trace.received if from_s <= one.time_s < to_s),
    )


def _cut(signal: RecordedSignal, from_s: float, to_s: float) -> RecordedSignal | None:
    times = signal.times_s
    if times is not None:
        first, last = (int(place) for place in np.searchsorted(times, (from_s, to_s)))
    else:
        first, last = (_frame(signal, time_s) for time_s in (from_s, to_s))
    if last <= first:
        return None
    return replace(
        signal,
        frames=_Part(signal.frames, first, last - first),
        times_s=None if times is None else times[first:last] - from_s,
        start_s=0.0 if times is not None else _start(signal, first, from_s),
    )


def _frame(signal: RecordedSignal, time_s: float) -> int:
    """The first frame at a time or after it; the one before if it is that to a thousandth of a period."""
    exact = (time_s - signal.start_s) * signal.rate_hz
    return ceil(min(max(0.0, exact - 1e-3), float(len(signal.frames))))


def _start(signal: RecordedSignal, first: int, from_s: float) -> float:
    """When a part begins, counted from `from_s`; 0 to a thousandth of a period."""
    start_s = signal.start_s + first / signal.rate_hz - from_s
    return 0.0 if abs(start_s) * signal.rate_hz <= 1e-3 else start_s


def every(trace: Trace, label: str) -> Iterator[Trace]:
    """The parts that have a label of that text, in the order of time."""
    for one in sorted(trace.labels, key=lambda one: one.start_s):
        if one.text == label:
            yield cut(trace, one.start_s, one.end_s)


# Mixing


@dataclass(frozen=True)
class _Mixed:
    """Frames with others added from frame `first` on, over and over to the end where they `repeat`."""

    of: Frames
    added: Frames
    gain: float
    first: int
    repeat: bool

    def __len__(self) -> int:
        return len(self.of)

    def read(self, first: int, count: int) -> Values:
        values: Values = self.of.read(first, count).copy()
        at = max(0, self.first - first)
        while at < len(values):
            place = first + at - self.first
            if place >= len(self.added) and not self.repeat:
                break
            some = self.added.read(place % len(self.added), len(values) - at)
            values[at : at + len(some)] += self.gain * some
            at += len(some)
        return values


def mixed(signal: RecordedSignal, added: RecordedSignal, gain: float, at_s: float | None = None) -> RecordedSignal:
    """A signal with another one added, times `gain`, from time `at_s` on, or over and over from the first frame on.

    What is added is brought to the rate and the units of the signal; one axis is added to all.
    Raises UsageError for signals that cannot be added.
    """
    fitting = _fitting(signal, added)
    first = 0 if at_s is None else round((at_s - signal.begin_s) * signal.rate_hz)
    if not 0 <= first < len(signal.frames):
        raise UsageError(f"There is nothing at {at_s:g} s of the trace.", remedy="Correct --at.")
    return replace(signal, frames=_Mixed(signal.frames, fitting, gain, first, at_s is None))


def gain_for(signal: RecordedSignal, added: RecordedSignal, snr_db: float, at_s: float | None = None) -> float:
    """By which what is added is multiplied so that the signal's power is so many dB above it, where both are.

    Raises UsageError where one of them is silent.
    """
    first = 0 if at_s is None else max(0, round((at_s - signal.begin_s) * signal.rate_hz))
    other = _fitting(signal, added)
    count = len(signal.frames) - first if at_s is None else min(len(other), len(signal.frames) - first)
    loud, noise = _power(_Part(signal.frames, first, count)), _power(other)
    if not loud or not noise:
        raise UsageError(
            "One of the two is silent, so that no gain makes a ratio of their powers.", remedy="Say --gain instead."
        )
    return sqrt(loud / noise) * 10 ** (-snr_db / 20)


def _power(frames: Frames) -> float:
    total = count = 0.0
    for first in range(0, len(frames), _BLOCK):
        values = frames.read(first, _BLOCK)
        total += float(np.square(values).sum())
        count += values.size
    return total / count if count else 0.0


def _fitting(signal: RecordedSignal, added: RecordedSignal) -> Frames:
    """The frames of what is added, in the units and at the rate of the signal, a column for each of its axes."""
    if signal.times_s is not None or added.times_s is not None:
        raise UsageError(
            "Frames at uneven times cannot be added to each other.",
            remedy="Make them even before: `lab trace convert --rate HZ`, or --timing nominal.",
            code="trace-uneven",
        )
    if len(added.axes) not in (1, len(signal.axes)):
        raise UsageError(
            f"{len(added.axes)} axes cannot be added to {len(signal.axes)}.", remedy="Mix in one axis, or as many."
        )
    wanted = signal.units if len(added.axes) == len(signal.axes) else signal.units[:1]
    factors = [units.factor(unit, other) for unit, other in zip(added.units, wanted, strict=True)]
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(factors):
        raise UsageError(
            f"What is in {', '.join(dict.fromkeys(added.units))} cannot be added to what is in "
            f"{', '.join(dict.fromkeys(signal.units))}.",
            remedy="Mix in a trace of the same kind of sensor.",
        )
    return InUnits(at_rate(added, signal.rate_hz).frames, tuple(known), len(signal.axes))


@dataclass(frozen=True)
class InUnits:
    """Frames whose columns are multiplied with `factors`; one column becomes as many `columns` as are wanted."""

    of: Frames
    factors: tuple[float, ...]
    columns: int

    def __len__(self) -> int:
        return len(self.of)

    def read(self, first: int, count: int) -> Values:
        """As `lab.traces.Frames` has it."""
        values: Values = self.of.read(first, count) * np.array(self.factors)
        return np.repeat(values, self.columns, axis=1) if values.shape[1] < self.columns else values
