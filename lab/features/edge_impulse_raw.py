"""The frames of the window as they are, in any scale: Edge Impulse's raw data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lab.features._features import Constant, Features
from lab.features._layout import Layout, Scale
from lab.signals.input import Input


class Settings(Features):
    """All frames of the input's window. A value of the signal is in the input's unit, times `scale_axes`.

    The block "Raw data" of edgeimpulse/processing-blocks, implementation version 1.
    """

    kind: Literal["edge-impulse-raw"] = "edge-impulse-raw"
    scale_axes: float = Field(default=1.0, gt=0, allow_inf_nan=False)

    def shape(self, heard: Input) -> tuple[int, int]:
        """Frames and axes."""
        return heard.frames, heard.channels

    def frames(self, heard: Input) -> int:
        """Those of the input's window."""
        return heard.frames

    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """As firmware/runtime/features/edge_impulse_raw.h names them."""
        return {
            "kChannels": heard.channels,
            "kFrames": heard.frames,
            "kStepsPerStep": self.scale_axes / heard.steps_per_unit / self.scale,
            "kZeroPoint": self.zero_point,
        }

    def place(self, index: int, heard: Input) -> str:
        """`axis y, sample 40`."""
        frame, axis = divmod(index, heard.channels)
        return f"axis {heard.axes[axis]}, sample {frame}"

    def layout(self, heard: Input) -> Layout:
        """A line for each axis, over time."""
        return Layout(Scale("time", 0, heard.frames / heard.rate_hz, "s"), heard.axes)
