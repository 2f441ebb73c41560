"""A signal as it goes on, as the lowest and the highest value of each of its axes in short steps of time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.reporting.html import pictures, signal_plot
from lab.reporting.timeline import steps
from lab.reporting.timeline.lanes import Waves
from lab.reporting.timeline.steps import Steps
from lab.signals.signal import SOUND, Signal

MOST = 2**20
"""Lowest values, and as many highest: of an hour of sound at 16 kHz there is one of each for 4 ms."""


class SignalOverTime:
    """Of so many frames of so many axes, from `from_s` on."""

    def __init__(self, frames: int, axes: int, from_s: float = 0.0) -> None:
        self._from_s = from_s
        self._extremes = Steps(steps.size(frames, axes, MOST), _extremes)
        self._sums, self._frames = np.zeros(axes), 0
        self._last: Signal | None = None

    def add(self, signal: Signal) -> None:
        """The next of the signal."""
        self._extremes.add(signal.samples)
        self._sums += signal.samples.sum(axis=0)
        self._frames += len(signal.samples)
        self._last = signal

    def waves(self) -> Waves | None:
        """Of all that was added; axes that would hide each other's movement less their means. None of nothing."""
        extremes, last = self._extremes.all(), self._last
        if extremes is None or last is None:
            return None
        lows, highs = np.split(extremes / last.steps_per_unit, 2, axis=1)
        ends = np.stack([lows.min(axis=0), highs.max(axis=0)])
        name, axes, means = f"signal in {last.unit}", list(last.axes), np.zeros(len(last.axes))
        if last.axes == SOUND:
            high = max(float(np.abs(ends).max()), pictures.QUIETEST)
            name, axes, low = "sound", [f"peak {pictures.peak(ends)}"], -high
        else:
            if signal_plot.are_apart(ends):
                means = self._sums / self._frames / last.steps_per_unit
                axes = [f"{axis} less {signal_plot.spelled(mean)}" for axis, mean in zip(axes, means, strict=True)]
            low, high = signal_plot.with_room(float((ends - means).min()), float((ends - means).max()))
        return Waves(
            name=name,
            axes=axes,
            begin_s=self._from_s,
            step_s=self._extremes.size / last.rate_hz,
            lows=(lows - means - low) / (high - low),
            highs=(highs - means - low) / (high - low),
            ticks=() if last.axes == SOUND else tuple(signal_plot.ticks(low, high)),
        )


def _extremes(frames: NDArray[np.int16]) -> NDArray[np.int16]:
    """Of each step [steps, frames, axes] the lowest values, then the highest."""
    return np.concatenate([frames.min(axis=1), frames.max(axis=1)], axis=1)
