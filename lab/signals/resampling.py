"""Changing the rate of a signal, by soxr, in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np
import soxr
from numpy.typing import NDArray

_MARGIN = 256
"""Frames that are held before the first and after the last: the filter takes what is beyond for zero, not for 1 g."""

Values = NDArray[np.float64]


def margin_s(rate_hz: float) -> int:
    """Seconds for which the first and the last frame are held: as many as are nearly whole frames."""
    least_s = ceil(_MARGIN / rate_hz)
    return min(range(least_s, least_s + 16), key=lambda whole_s: abs(whole_s * rate_hz - round(whole_s * rate_hz)))


def resampled(blocks: Iterator[Values], columns: int, rate_hz: float, wanted_hz: float) -> Iterator[Values]:
    """Frames [frames, columns] at another rate, from the time of the first on, and some that are too many."""
    seconds = margin_s(rate_hz)
    stream = soxr.ResampleStream(rate_hz, wanted_hz, columns, dtype="float64", quality="VHQ")
    margin = round(seconds * rate_hz)
    skip = round(seconds * wanted_hz)
    last = np.zeros((1, columns))
    for number, block in enumerate(blocks):
        last = block[-1:]
        given = np.concatenate([np.repeat(block[:1], margin, axis=0), block]) if number == 0 else block
        made = stream.resample_chunk(given).reshape(-1, columns)
        yield made[skip:]
        skip = max(0, skip - len(made))
    yield stream.resample_chunk(np.repeat(last, margin, axis=0), last=True).reshape(-1, columns)[skip:]
