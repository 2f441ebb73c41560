"""Minutes of sound with words at known times: what a device that listens on and on is held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Word:
    """A word in the sound: its label, the recording that it is from, and when it is said, in seconds of the stream.

    `snr_db` is how far below the word the noise lies that was added, None where none was.
    """

    label: str
    clip: str
    start_s: float
    end_s: float
    snr_db: float | None


@dataclass(frozen=True)
class Part:
    """A piece that a board hears in one go: int16 `samples`, mono, which begin `start_s` into the stream.

    `words` are in the order in which they are said; their times are those of the whole stream.
    """

    number: int
    start_s: float
    samples: NDArray[np.int16]
    words: tuple[Word, ...]


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
        return sum(part.samples.size for part in self.parts) / self.rate_hz
