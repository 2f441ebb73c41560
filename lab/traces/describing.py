"""What there is to say of a trace before anybody plays it: rates, jitter, gaps, ranges, clipping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from lab.traces import timing
from lab.traces.packed import PACKINGS
from lab.traces.timing import Clock, Gap
from lab.traces.trace import RecordedSignal, Trace, Values

_BLOCK = 2**16


@dataclass(frozen=True)
class AxisFacts:
    """In the axis' unit. `clipped` values are three in a row or more at full scale, or at the axis' own extreme."""

    name: str
    unit: str
    lowest: float
    highest: float
    mean: float
    rms: float
    clipped: int


@dataclass(frozen=True)
class SignalFacts:
    """`clock` is None where frames are even. `drift_ppm` is how far its rate is off the nominal one."""

    name: str
    encoding: str
    frames: int
    begin_s: float
    end_s: float
    rate_hz: float
    clock: Clock | None
    drift_ppm: float
    gaps: tuple[Gap, ...]
    axes: tuple[AxisFacts, ...]


def describe(trace: Trace) -> tuple[SignalFacts, ...]:
    """Of each signal, all of which is read, in pieces. Raises RecordingError."""
    return tuple(map(_signal, trace.signals))


def _signal(signal: RecordedSignal) -> SignalFacts:
    times = signal.times_s
    clock = None if times is None else timing.clock(times)
    return SignalFacts(
        name=signal.name,
        encoding=signal.encoding,
        frames=len(signal.frames),
        begin_s=signal.begin_s,
        end_s=signal.end_s,
        rate_hz=signal.rate_hz,
        clock=clock,
        drift_ppm=0.0 if clock is None else (clock.rate_hz / signal.rate_hz - 1) * 1e6,
        gaps=() if times is None else timing.gaps(times),
        axes=tuple(_axes(signal)),
    )


def _axes(signal: RecordedSignal) -> Iterator[AxisFacts]:
    count, columns = len(signal.frames), len(signal.axes)
    lowest, highest = np.full(columns, np.inf), np.full(columns, -np.inf)
    total, power = np.zeros(columns), np.zeros(columns)
    for block in signal.blocks(_BLOCK):
        lowest, highest = np.minimum(lowest, block.min(axis=0)), np.maximum(highest, block.max(axis=0))
        total += block.sum(axis=0)
        power += np.square(block).sum(axis=0)
    clipped = _clipped(signal, *_limits(signal, lowest, highest))
    for at, (name, unit) in enumerate(zip(signal.axes, signal.units, strict=True)):
        mean, rms = float(total[at] / count), sqrt(float(power[at] / count))
        yield AxisFacts(name, unit, float(lowest[at]), float(highest[at]), mean, rms, int(clipped[at]))


def _limits(signal: RecordedSignal, lowest: Values, highest: Values) -> tuple[Values, Values]:
    """At which values of each axis something would be clipped; NaN where it does not move at all."""
    if any(signal.units):
        return np.where(lowest < highest, lowest, np.nan), np.where(lowest < highest, highest, np.nan)
    steps = PACKINGS[signal.encoding].steps
    return np.full(len(lowest), -1.0), np.full(len(lowest), 1.0 if steps is None else 1 - 1 / steps)


def _clipped(signal: RecordedSignal, lowest: Values, highest: Values) -> NDArray[np.int64]:
    """How many values of each axis are in rows of at least three at its limit."""
    found = np.zeros(len(signal.axes), np.int64)
    for first in range(0, len(signal.frames), _BLOCK):
        before = min(first, 2)
        values = signal.frames.read(first - before, before + _BLOCK + 2)
        for at_limit in (values <= lowest, values >= highest):
            found += _in_rows(at_limit)[before : before + _BLOCK].sum(axis=0)
    return found


def _in_rows(at_limit: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of them are three in a row or more; one or two may be a peak."""
    begins = at_limit[:-2] & at_limit[1:-1] & at_limit[2:]
    found = np.zeros_like(at_limit)
    for place in range(3):
        found[place : place + len(begins)] |= begins
    return found
