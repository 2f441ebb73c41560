"""What a microphone hears: the sound that it was fed, then silence."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lab.signals.signal import Signal


@dataclass
class SoundQueue:
    """Mono sound, a sample of it for each sample that is taken, whatever the rates of the two."""

    waiting: NDArray[np.int16] = field(default_factory=lambda: np.empty(0, np.int16))

    def add(self, signal: Signal) -> None:
        """Queue sound behind what was added before."""
        self.waiting = np.concatenate([self.waiting, signal.samples[:, 0]])

    def next(self, count: int) -> NDArray[np.int16]:
        """The next `count` samples; zeros where the sound has run out."""
        heard, self.waiting = self.waiting[:count], self.waiting[count:]
        return heard if len(heard) == count else np.pad(heard, (0, count - len(heard)))
