"""How much power each band of each axis has, as a logarithm, over a window of signal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lab.features._features import Constant, Features
from lab.features._layout import Layout, Scale
from lab.signals.input import Input

_ONE = 32_767
"""1.0 in the tables of 16 bits."""
_MANTISSAS = 128


class Settings(Features):
    """Of `window` frames the mean is removed; transforms of `points` frames, `hop` apart, are averaged in power.

    The lowest `bands` of the points / 2 bands that a transform tells apart are kept, each rate / points Hz wide. A
    value is 256 * log2(power), less 256 * `floor`, divided by 2^`shift`, less 128, limited to int8.
    """

    kind: Literal["spectrum"] = "spectrum"
    window: int = Field(gt=0, le=10_000)
    points: Literal[16, 32, 64, 128, 256, 512]
    hop: int = Field(gt=0)
    bands: int = Field(gt=0)
    floor: int = Field(default=4, ge=0, le=40)
    shift: int = Field(default=5, ge=0, le=10)

    def shape(self, heard: Input) -> tuple[int, int]:
        """Axes, and bands of one."""
        return heard.channels, self.bands

    def frames(self, heard: Input) -> int:  # noqa: ARG002
        """As many as the window has."""
        return self.window

    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """As firmware/runtime/features/spectrum.h names them."""
        turns = [2 * math.pi * point / self.points for point in range(self.points)]
        return {
            "kChannels": heard.channels,
            "kFrames": self.window,
            "kPoints": self.points,
            "kHop": self.hop,
            "kBands": self.bands,
            "kFloor": self.floor,
            "kShift": self.shift,
            "kHann": tuple(round(_ONE * (0.5 - 0.5 * math.cos(turn))) for turn in turns),
            "kCosines": tuple(round(_ONE * math.cos(turn)) for turn in turns[: self.points // 2]),
            "kSines": tuple(round(-_ONE * math.sin(turn)) for turn in turns[: self.points // 2]),
            "kLog2": tuple(round(256 * math.log2(1 + one / _MANTISSAS)) for one in range(_MANTISSAS)),
        }

    def place(self, index: int, heard: Input) -> str:
        """`axis y, band 12`."""
        axis, band = divmod(index, self.bands)
        return f"axis {heard.axes[axis]}, band {band}"

    def layout(self, heard: Input) -> Layout:
        """A line for each axis, from the lowest band to the highest."""
        highest_hz = self.bands * heard.rate_hz / self.points
        return Layout(Scale("frequency", 0, highest_hz, "Hz"), heard.axes, rows_across=False)

    def problem(self, heard: Input) -> str | None:
        """The transforms have to fit the window, and the bands the transforms."""
        if self.points > self.window:
            return f"a transform has {self.points} points, and the window {self.window} frames"
        if self.bands > self.points // 2:
            return f"a transform of {self.points} points has {self.points // 2} bands, not {self.bands}"
        return super().problem(heard)
