"""What the times of frames say of their rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EVEN = 1e-3
"""Times that are off an even grid by no more than that part of a period are those of the grid, as far as they are
written out: nine digits of a time of an hour are microseconds."""

_DIGITS = 9
_LATE, _JITTERS = 0.5, 6.0
"""Periods, and usual deviations from the period, by which a step must be longer to be a gap."""


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


@dataclass(frozen=True)
class Gap:
    """From one frame to the next, with so many missing between them."""

    start_s: float
    end_s: float
    missing: int


def gaps(times_s: NDArray[np.float64]) -> tuple[Gap, ...]:
    """Where frames are missing: the step is half a period longer than usual, and more than jitter makes it."""
    steps = np.diff(times_s)
    if not len(steps):
        return ()
    period = float(np.median(steps))
    usual_s = float(np.median(np.abs(steps - period)))
    found = np.flatnonzero(steps - period > max(_LATE * period, _JITTERS * usual_s))
    return tuple(
        Gap(float(times_s[at]), float(times_s[at + 1]), max(1, round(steps[at] / period) - 1) if period else 1)
        for at in found.tolist()
    )


@dataclass(frozen=True)
class Clock:
    """The steady clock that is nearest to times, gaps left out, and how far they are off it.

    `jitter_s` is the root mean square of what steps are off its period, `most_s` the most; `wander_s` is how far the
    frame is off it that is furthest.
    """

    rate_hz: float
    jitter_s: float
    most_s: float
    wander_s: float


def clock(times_s: NDArray[np.float64]) -> Clock | None:
    """None where no time passes."""
    if len(times_s) < 2 or not times_s[-1] > times_s[0]:
        return None
    steps = np.diff(times_s)
    usual = float(np.median(steps))
    after = np.searchsorted(times_s, [gap.end_s for gap in gaps(times_s)]) - 1
    steps[after] = usual
    since = np.concatenate(([0.0], np.cumsum(steps)))
    numbers = np.arange(len(since)) - (len(since) - 1) / 2
    period = float(numbers @ since / (numbers @ numbers))  # of the line with the least squares
    if not period > 0:
        return None
    off = np.delete(steps, after) - period
    wander = since - since.mean() - period * numbers
    jitter_s, most_s = (float(np.sqrt(np.mean(off**2))), float(np.abs(off).max())) if len(off) else (0.0, 0.0)
    return Clock(1 / period, jitter_s, most_s, float(np.abs(wander).max()))
