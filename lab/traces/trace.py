"""A trace: signals of sensors, bytes on a UART, marks and labels, all on one time axis in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
"""[frames, axes], in the units of the axes; sound is in -1..1."""


class Frames(Protocol):
    """The frames of a signal, read piece by piece, so that hours of sound need no memory."""

    def __len__(self) -> int:
        """How many there are."""

    def read(self, first: int, count: int) -> Values:
        """At most `count` frames from `first` on, [frames, axes]. Raises RecordingError for a file that was spoilt."""


@dataclass(frozen=True)
class Held:
    """Frames that are in memory."""

    values: Values

    def __len__(self) -> int:
        return len(self.values)

    def read(self, first: int, count: int) -> Values:
        """As `Frames` has it."""
        return self.values[first : first + count]


@dataclass(frozen=True)
class RecordedSignal:
    """What one source delivered: a column of `frames` for each of `axes`, which is in the unit of the same place.

    `name` is what a file calls the source, such as "accelerometer", and "" where it does not name it. A unit is "" for
    sound, and where nothing tells. With `times_s` [frames] each frame has a time of its own, in order and not
    necessarily even; else frame n is at `start_s` + n / `rate_hz`. `rate_hz` is the nominal rate in both cases.
    `encoding` says as what each value was stored, int8 to int32, float32 or float64: of int16 all are n / 32,768.
    """

    name: str
    axes: tuple[str, ...]
    units: tuple[str, ...]
    frames: Frames
    rate_hz: float
    times_s: NDArray[np.float64] | None = None
    start_s: float = 0.0
    encoding: str = "float64"

    @property
    def begin_s(self) -> float:
        """When the first frame was taken."""
        return self.start_s if self.times_s is None or not len(self.times_s) else float(self.times_s[0])

    @property
    def end_s(self) -> float:
        """One period after the last frame."""
        if self.times_s is None or not len(self.times_s):
            return self.start_s + len(self.frames) / self.rate_hz
        return float(self.times_s[-1]) + 1 / self.rate_hz

    def blocks(self, frames: int) -> Iterator[Values]:
        """All frames, so many at a time."""
        for first in range(0, len(self.frames), frames):
            yield self.frames.read(first, frames)


@dataclass(frozen=True)
class Label:
    """What was the case from one time to another."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class Mark:
    """Something that happened at a time: a button, a loss of samples, a line of a log."""

    time_s: float
    text: str


@dataclass(frozen=True)
class Received:
    """Bytes that arrived at one of the board's UARTs, which `channel` tells apart."""

    time_s: float
    data: bytes
    channel: int = 0


@dataclass(frozen=True)
class Trace:
    """All of it. Times of all parts count from the same moment; `notes` say what reading it changed."""

    signals: tuple[RecordedSignal, ...]
    labels: tuple[Label, ...] = ()
    marks: tuple[Mark, ...] = ()
    received: tuple[Received, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def end_s(self) -> float:
        """Where the last part ends."""
        return max(
            (
                *(signal.end_s for signal in self.signals),
                *(label.end_s for label in self.labels),
                *(mark.time_s for mark in self.marks),
                *(one.time_s for one in self.received),
            ),
            default=0.0,
        )
