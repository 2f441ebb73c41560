"""Where in a recording the word is. Whole numbers only, so that every machine finds the same place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FRAMES_A_SECOND = 100
_SMOOTHED = 3
_BELOW_LOUDEST = 1_000
"""As a ratio of energies: a frame 30 dB below the loudest may still be of the word."""
_ABOVE_FLOOR = 4
"""And it is 6 dB above the quietest fifth of the recording, unless that is nearly as loud as the word."""
_LEAST_OF_LOUDEST = 10


def of_word(samples: NDArray[np.int16], rate_hz: int) -> slice:
    """From the first to the last sample of what is loud; of a recording without any sound, all of it."""
    size = rate_hz // _FRAMES_A_SECOND
    whole = samples.astype(np.int64)
    fast = size * whole - _sums(whole, size)  # rumble is slow, speech is not
    frames = fast[: samples.size // size * size].reshape(-1, size)
    energy = _sums(np.square(frames).sum(axis=1), _SMOOTHED)
    loudest = int(energy.max(initial=0))
    if not loudest:
        return slice(0, samples.size)
    floor = int(np.sort(energy)[energy.size // 5])
    threshold = max(loudest // _BELOW_LOUDEST, min(_ABOVE_FLOOR * floor, loudest // _LEAST_OF_LOUDEST))
    loud = np.flatnonzero(energy > threshold)
    return slice(int(loud[0]) * size, (int(loud[-1]) + 1) * size)


def _sums(values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Of as many values around each."""
    total = np.cumsum(np.pad(values, (count // 2 + 1, count - count // 2 - 1)))
    return total[count:] - total[:-count]
