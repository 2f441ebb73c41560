"""Minutes of a sensor's signal with events at known times: what a device that listens on and on is held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Event:
    """A word, a gesture, a stretch of an activity: its label, the recording that it is from, and when it happens.

    Times are seconds of the stream. `snr_db` is how far below it the noise lies that was added, None where none was.
    """

    label: str
    clip: str
    start_s: float
    end_s: float
    snr_db: float | None = None


@dataclass(frozen=True)
class Part:
    """A piece that a board hears in one go: int16 `samples` [frames], or [frames, channels] of several axes.

    They begin `start_s` into the stream. `events` are in the order in which they happen; their times are those of the
    whole stream, labels of the background among them.
    """

    number: int
    start_s: float
    samples: NDArray[np.int16]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Stream:
    """All parts in their order. `skipped` are recordings that cannot be read, each with the reason.

    `notes` says what was done to a recording, by name, where it changes what is heard of it.
    """

    rate_hz: int
    seed: int
    parts: tuple[Part, ...]
    skipped: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def seconds(self) -> float:
        """How long it is."""
        return sum(len(part.samples) for part in self.parts) / self.rate_hz
