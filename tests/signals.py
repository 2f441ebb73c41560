"""Signals to feed to devices and machines."""

import numpy as np
from numpy.typing import NDArray

from lab.signals.signal import Signal

RENODES_G = 16_384


def sound(samples: NDArray[np.int16]) -> Signal:
    """Mono sound at 16 kHz."""
    return Signal.of_sound(samples, 16_000)


def accelerations(samples: NDArray[np.int16], rate_hz: float = 100) -> Signal:
    """int16 [frames, axes], 16,384 = 1 g."""
    return Signal(samples, rate_hz, ("x", "y", "z"), "g", RENODES_G)


def frames(samples: NDArray[np.int16]) -> Signal:
    """What a sensor FIFO takes: int16 [frames] of one channel, or [frames, channels]."""
    return sound(samples) if samples.ndim == 1 else accelerations(samples)
