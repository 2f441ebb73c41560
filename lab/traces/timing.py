"""What the times of frames say of their rate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

EVEN = 1e-3
"""Times that are off an even grid by no more than that part of a period are those of the grid, as far as they are
written out: nine digits of a time of an hour are microseconds."""

_DIGITS = 9


def even_rate(times_s: NDArray[np.float64]) -> float | None:
    """The rate at which frames at these times come, None if they are uneven.

    It is the one with the fewest digits, of its own or of its period in ms, that all times allow.
    """
    passed_s = float(times_s[-1] - times_s[0])
    if len(times_s) < 2 or not passed_s > 0:
        return None
    measured = (len(times_s) - 1) / passed_s
    from_first_s, numbers = times_s - times_s[0], np.arange(len(times_s))
    for rate_hz in (*_shortened(measured), measured):
        if abs(from_first_s[-1] * rate_hz - numbers[-1]) <= EVEN and (
            np.abs(from_first_s * rate_hz - numbers).max() <= EVEN
        ):
            return rate_hz
    return None


def _shortened(rate_hz: float) -> Iterator[float]:
    for digits in range(_DIGITS):
        yield round(rate_hz, digits)
        if period_ms := round(1_000 / rate_hz, digits):
            yield 1_000 / period_ms


def nominal_rate(times_s: NDArray[np.float64]) -> float | None:
    """One over the median of the time between two frames; None where no time passes."""
    steps = np.diff(times_s)
    passed = steps[steps > 0]
    if not len(passed):
        return None
    median = float(np.median(steps))
    return 1 / (median if median > 0 else float(times_s[-1] - times_s[0]) / len(steps))
