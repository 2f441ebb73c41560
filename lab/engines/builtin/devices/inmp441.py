"""A digital microphone on I2S."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.engines.builtin.devices.serial_audio import FrameClock, SerialAudio
from lab.engines.builtin.devices.sound_queue import SoundQueue
from lab.engines.builtin.peripheral import Board, Peripheral
from lab.signals.signal import Signal

_FRAME_BITS = 64


class INMP441(Peripheral, SerialAudio):
    """INMP441. InvenSense's data sheet DS-INMP441-00, rev 1.0; `right` is its pin L/R.

    In its half of a frame it sends 24 bits, the highest first, a bit after WS has changed; of what it was fed they are
    the upper 16. It lets go of the line in the other half, which reads 0. It needs 64 clocks a frame: with any other
    number the line is silent, and the sound waits. It is awake at once, where the part is silent for 2^18 clocks.
    renode_platforms/serial_audio/INMP441.cs is the same for Renode.
    """

    size = 0

    def __init__(self, board: Board, *, right: bool = False) -> None:
        super().__init__(board)
        self._fixed |= {"right"}
        self.right = right
        self.heard = SoundQueue()

    def reset(self) -> None:
        """Back to the state after power-on; what was fed is dropped."""
        super().reset()
        self.heard = SoundQueue()

    def feed(self, signal: Signal) -> None:
        """Queue mono sound, to be heard after what was fed before, whatever its rate."""
        self.heard.add(signal)

    def send(self, frames: int, clock: FrameClock) -> NDArray[np.int16]:
        """Of SD."""
        line = np.zeros((frames, 2, clock.bits // 32), np.int16)
        if clock.bits == _FRAME_BITS:
            line[:, int(self.right), 0] = self.heard.next(frames)
        return line
