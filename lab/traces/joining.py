"""One trace after another, as one: signals are appended, labels, marks and bytes keep their place in their part."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isclose

import numpy as np

from lab.errors import UsageError
from lab.signals import units
from lab.signals.signal import SOUND
from lab.traces.editing import InUnits
from lab.traces.trace import Frames, RecordedSignal, Trace, Values

_SAME_RATE = 1e-6


@dataclass(frozen=True)
class Part:
    """A trace and what it is called in errors."""

    name: str
    trace: Trace


def joined(parts: Sequence[Part], gap_s: float = 0.0) -> Trace:
    """The parts in that order, each `gap_s` after the end of the signals of the one before.

    Where nothing was recorded there is silence in sound, and the last frame held in other signals; where frames of a
    signal have times of their own there are none. Raises UsageError for parts of other sensors, axes or rates.
    """
    first = parts[0]
    for other in parts[1:]:
        _check(first, other)
    begins = [0.0]
    for part in parts[:-1]:
        end_s = max(signal.end_s for signal in part.trace.signals)
        begins.append(begins[-1] + end_s + gap_s)
    signals = [
        _signal([part.trace.signals[place] for part in parts], begins) for place in range(len(first.trace.signals))
    ]
    moved = list(zip(begins, (part.trace for part in parts), strict=True))
    return Trace(
        tuple(signals),
        tuple(
            replace(one, start_s=one.start_s + by, end_s=one.end_s + by) for by, trace in moved for one in trace.labels
        ),
        tuple(replace(one, time_s=one.time_s + by) for by, trace in moved for one in trace.marks),
        tuple(replace(one, time_s=one.time_s + by) for by, trace in moved for one in trace.received),
    )


def _check(first: Part, other: Part) -> None:
    """Raises UsageError if one cannot go on where the other ends."""
    for part in (first, other):
        if not part.trace.signals:
            raise _apart(f"{part.name} has no signal", "Name traces of sensors.")
    if len(first.trace.signals) != len(other.trace.signals):
        counts = [f"{part.name} has {len(part.trace.signals)} signals" for part in (first, other)]
        raise _apart(" and ".join(counts), "Take one of them: `lab trace convert --signal NAME`.")
    for ours, theirs in zip(first.trace.signals, other.trace.signals, strict=True):
        if ours.axes != theirs.axes or (len(first.trace.signals) > 1 and ours.name != theirs.name):
            raise _apart(
                f"{first.name} has {_described(ours)}, and {other.name} {_described(theirs)}",
                "Join traces of one sensor, with the same axes in the same order.",
            )
        if any(units.factor(*both) is None for both in zip(theirs.units, ours.units, strict=True)):
            raise _apart(
                f"{first.name} is in {', '.join(dict.fromkeys(ours.units))}, and {other.name} in "
                f"{', '.join(dict.fromkeys(theirs.units))}",
                "Join traces of one kind of sensor; `unit` in dataset.toml beside a file says what it is in.",
            )
        if not isclose(ours.rate_hz, theirs.rate_hz, rel_tol=_SAME_RATE):
            raise _apart(
                f"{first.name} has {ours.rate_hz:.9g} frames a second, and {other.name} {theirs.rate_hz:.9g}",
                f"Bring it to the same rate before: `lab trace convert --resample {ours.rate_hz:.9g}`.",
            )


def _described(signal: RecordedSignal) -> str:
    axes = "sound" if signal.axes == SOUND else f"the axes {', '.join(signal.axes)}"
    return f"{signal.name!r} with {axes}" if signal.name else axes


def _apart(what: str, remedy: str) -> UsageError:
    return UsageError(f"These traces cannot be joined: {what}.", remedy=remedy, code="trace-apart")


def _signal(signals: Sequence[RecordedSignal], begins: Sequence[float]) -> RecordedSignal:
    first = signals[0]
    frames = [_in_units_of(first, one) for one in signals]
    encodings = {one.encoding for one in signals}
    encoding = first.encoding if len(encodings) == 1 else "float64"
    if any(one.times_s is not None for one in signals):
        times = np.concatenate([by + _times(one) for by, one in zip(begins, signals, strict=True)])
        return replace(
            first, frames=_Joined(tuple(frames), tuple(_ends(frames)), False), times_s=times, encoding=encoding
        )
    places: list[int] = []
    for by, one, end in zip(begins, signals, [0, *map(len, frames)], strict=False):
        wanted = round((by + one.start_s - first.start_s) * first.rate_hz)
        places.append(max(wanted, places[-1] + end) if places else wanted)
    held = first.axes != SOUND or bool(first.units[0])
    return replace(first, frames=_Joined(tuple(frames), tuple(places), held), encoding=encoding)


def _in_units_of(first: RecordedSignal, other: RecordedSignal) -> Frames:
    if first.units == other.units:
        return other.frames
    factors = (units.factor(theirs, ours) or 1.0 for theirs, ours in zip(other.units, first.units, strict=True))
    return InUnits(other.frames, tuple(factors), len(first.axes))


def _times(signal: RecordedSignal) -> Values:
    if signal.times_s is not None:
        return signal.times_s
    return signal.start_s + np.arange(len(signal.frames)) / signal.rate_hz


def _ends(parts: Sequence[Frames]) -> Iterator[int]:
    """Where each begins if they follow each other."""
    end = 0
    for part in parts:
        yield end
        end += len(part)


@dataclass(frozen=True)
class _Joined:
    """Frames of parts, each of which begins at a frame; between them the last frame is `held`, or there is silence."""

    parts: tuple[Frames, ...]
    begins: tuple[int, ...]
    held: bool

    def __len__(self) -> int:
        return self.begins[-1] + len(self.parts[-1])

    def read(self, first: int, count: int) -> Values:
        """As `lab.traces.Frames` has it."""
        at, end = first, min(first + count, len(self))
        pieces = [self.parts[0].read(0, 0)]
        while at < end:
            pieces.append(self._some(at, end))
            at += len(pieces[-1])
        return np.concatenate(pieces)

    def _some(self, at: int, end: int) -> Values:
        """At least one frame, from one part or from behind it."""
        number = bisect_right(self.begins, at) - 1
        part, place = self.parts[number], at - self.begins[number]
        until = min(end, self.begins[number + 1]) if number + 1 < len(self.begins) else end
        if place < len(part):
            return part.read(place, until - at)
        last = part.read(len(part) - 1, 1)
        return np.repeat(last if self.held else np.zeros_like(last), until - at, axis=0)
