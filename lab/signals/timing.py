"""Frames that were taken at uneven times, as they are at even ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GAP_PERIODS = 3.5
"""More than so many periods between one frame and the next are a gap: up to three frames in a row may be lost."""

_EVEN = 0.02
"""Times that are off an even grid by less than that part of a period count as even."""


class Uneven(ValueError):
    """What keeps times from being made even."""


@dataclass(frozen=True)
class Even:
    """float64 `values` [frames, axes] at `rate_hz`; `moved` says whether they had to be interpolated."""

    values: NDArray[np.float64]
    rate_hz: float
    moved: bool


def even(values: NDArray[np.float64], times_s: NDArray[np.float64], place: Callable[[int], str]) -> Even:
    """The values on an even grid from the first time to the last, interpolated linearly where they are off it.

    `place` names a frame. Raises Uneven where time does not go on, or more than GAP_PERIODS pass between two frames.
    """
    bad = np.flatnonzero(~np.isfinite(times_s))
    if len(bad):
        raise Uneven(f"has no time at {place(int(bad[0]))}")
    with np.errstate(over="ignore"):
        steps = np.diff(times_s)
    if not np.isfinite(steps).all():
        raise Uneven("has times that are too far apart to be seconds")
    back = np.flatnonzero(steps <= 0)
    if len(back):
        frame = int(back[0]) + 1
        how = "stands still" if steps[frame - 1] == 0 else f"goes back by {-steps[frame - 1]:.6g} s"
        raise Uneven(f"has times that do not go on: at {place(frame)} the time {how}")
    period = float(np.median(steps))
    gaps = np.flatnonzero(steps > GAP_PERIODS * period)
    if len(gaps):
        frame = int(gaps[0]) + 1
        raise Uneven(
            f"has a gap of {steps[frame - 1]:.6g} s before {place(frame)}, where a frame comes every {period:.6g} s"
        )
    frames = max(2, int(np.rint(steps / period).sum()) + 1)  # lost ones count; times in whole ms do not add up
    grid = np.linspace(times_s[0], times_s[-1], frames)
    rate_hz = (frames - 1) / float(times_s[-1] - times_s[0])
    if frames == len(times_s) and np.abs(times_s - grid).max() * rate_hz < _EVEN:
        return Even(values, rate_hz, moved=False)
    on_grid = np.stack([np.interp(grid, times_s, column) for column in values.T], axis=1)
    return Even(on_grid, rate_hz, moved=True)
