"""What a microphone or a codec offers to the chip that it sends its sound to, bit by bit: over SAI or I2S."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class FrameClock:
    """What drives the wires: frames in hertz, exactly, MCLK's periods in a frame (0 where there is no MCLK), bits."""

    frames_hz: Fraction
    ratio: int
    bits: int

    def __deepcopy__(self, _memo: dict[int, object]) -> FrameClock:
        """A snapshot refers to it."""
        return self


class SerialAudio(ABC):
    """Base of what sends sound as a slave on such wires; only the master's model calls this."""

    @abstractmethod
    def send(self, frames: int, clock: FrameClock) -> NDArray[np.int16]:
        """What is on the data line during the next frames: `[frames, 2, bits / 32]`, 16-bit words of each half."""
