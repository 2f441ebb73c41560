"""A signal as it goes on, as the lowest and the highest value of each of its axes in short steps of time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.reporting.html import pictures, signal_plot
from lab.reporting.timeline import steps
from lab.reporting.timeline.lanes import Waves
from lab.reporting.timeline.steps import Rows, Steps
from lab.signals.signal import SOUND

MOST = 2**20
"""Lowest values, and as many highest: of an hour of sound at 16 kHz there is one of each for 4 ms."""


class SignalOverTime:
    """Of `frames` frames [frames, axes] at `rate_hz` from `from_s` on, of which `steps_per_unit` steps are one unit."""

    def __init__(
        self,
        frames: int,
        rate_hz: float,
        axes: Sequence[str],
        unit: str,
        steps_per_unit: float = 1.0,
        from_s: float = 0.0,
    ) -> None:
        self._rate_hz, self._from_s = rate_hz, from_s
        self._axes, self._unit, self._steps_per_unit = tuple(axes), unit, steps_per_unit
        self._extremes = Steps(steps.size(frames, len(axes), MOST), _extremes)
        self._sums, self._frames = np.zeros(len(axes)), 0

    def add(self, frames: Rows) -> None:
        """The next of the signal."""
        self._extremes.add(frames)
        self._sums += frames.sum(axis=0)
        self._frames += len(frames)

    def waves(self) -> Waves | None:
        """Of all that was added; axes that would hide each other's movement less their means. None of nothing."""
        extremes = self._extremes.all()
        if extremes is None:
            return None
        lows, highs = np.split(extremes / self._steps_per_unit, 2, axis=1)
        ends = np.stack([lows.min(axis=0), highs.max(axis=0)])
        name, axes, means = f"signal in {self._unit}", list(self._axes), np.zeros(len(self._axes))
        is_sound = self._axes == SOUND
        if is_sound:
            high = max(float(np.abs(ends).max()), pictures.QUIETEST)
            name, axes, low = "sound", [f"peak {pictures.peak(ends)}"], -high
        else:
            if signal_plot.are_apart(ends):
                means = self._sums / self._frames / self._steps_per_unit
                axes = [f"{axis} less {signal_plot.spelled(mean)}" for axis, mean in zip(axes, means, strict=True)]
            low, high = signal_plot.with_room(float((ends - means).min()), float((ends - means).max()))
        return Waves(
            name=name,
            axes=axes,
            begin_s=self._from_s,
            step_s=self._extremes.size / self._rate_hz,
            lows=(lows - means - low) / (high - low),
            highs=(highs - means - low) / (high - low),
            ticks=() if is_sound else tuple(signal_plot.ticks(low, high)),
        )


def _extremes(frames: Rows) -> Rows:
    """Of each step [steps, frames, axes] the lowest values, then the highest."""
    return np.concatenate([frames.min(axis=1), frames.max(axis=1)], axis=1)
