"""Minutes of a sensor's signal with events at known times: what a device that listens on and on is held to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lab.composing.choosing import Recordings
from lab.composing.event import Event
from lab.composing.settings import Settings
from lab.signals.blocks import BLOCK, joined
from lab.signals.signal import Signal


@dataclass(frozen=True)
class Part:
    """A piece that is composed in one go: int16 `samples` [frames], or [frames, channels] of several axes.

    They begin `start_s` into the stream. `events` are in the order in which they happen; their times are those of the
    whole stream, labels of the background among them.
    """

    number: int
    start_s: float
    samples: NDArray[np.int16]
    events: tuple[Event, ...]


class Composer(Protocol):
    """Composes one part after the other of recordings, which know what was done to them."""

    recordings: Recordings

    def part(self, number: int, first: int, size: int) -> Part:
        """The next: `size` frames from `first` on. Raises RecordingError if there is nothing that it can be made of."""


class Stream:
    """A stream is composed while it is gone through, each time the same, so that hours of it need no memory.

    It is a trace from second `from_s` to `to_s`, and can be fed to a player. `composer` makes one that begins anew;
    parts are `part_s` long, and the last one may be shorter.
    """

    from_s = 0.0

    def __init__(self, settings: Settings, part_s: float, composer: Callable[[], Composer]) -> None:
        self.played = settings.played
        self.seed = settings.evaluation.seed
        self._pieces = list(settings.parts(part_s))
        self._composer = composer
        self._skipped: dict[str, str] = {}
        self._notes: dict[str, tuple[str, ...]] = {}

    def __len__(self) -> int:
        """How many parts it has."""
        return len(self._pieces)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return sum(size for _, _, size in self._pieces) / self.played.rate_hz

    @property
    def to_s(self) -> float:
        """Where it ends."""
        return self.seconds

    @property
    def skipped(self) -> tuple[tuple[str, str], ...]:
        """Recordings that cannot be read, with the reason, of those that were wanted so far."""
        return tuple(self._skipped.items())

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """What was done to recordings, by name, where it changes what is heard of them, of all so far."""
        return tuple((name, note) for name, of_name in self._notes.items() for note in of_name)

    def parts(self) -> Iterator[Part]:
        """Part by part. Raises RecordingError if no recording can be read of what it is made of."""
        composer = self._composer()
        for number, first, size in self._pieces:
            yield composer.part(number, first, size)
            self._skipped |= composer.recordings.skipped
            self._notes |= composer.recordings.notes

    def signals(self, frames: int = BLOCK) -> Iterator[Signal]:
        """All of it as the sensor's signal, so many frames at a time. Raises as `parts`."""
        return map(self.played.signal, joined((part.samples for part in self.parts()), frames))
