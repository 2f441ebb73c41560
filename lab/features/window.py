"""The last frames of a signal as they are and, if asked for, without their mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lab.features._features import Constant, Features
from lab.features._layout import Layout, Scale
from lab.signals.input import Input


class Settings(Features):
    """`window` frames of the axes. A value is the signal's divided by 2^`shift`, rounded, limited to int8.

    With `detail_shift` each frame has its axes once more: less their mean over the window, divided by 2^`detail_shift`
    and rounded down, so that small movements are seen beside a large gravity.
    """

    kind: Literal["window"] = "window"
    window: int = Field(gt=0, le=10_000)
    shift: int = Field(ge=0, le=15)
    detail_shift: int | None = Field(default=None, ge=0, le=15)

    def shape(self, heard: Input) -> tuple[int, int]:
        """Frames, and values of one."""
        return self.window, heard.channels * (1 if self.detail_shift is None else 2)

    def frames(self, heard: Input) -> int:  # noqa: ARG002
        """As many as the window has."""
        return self.window

    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """As firmware/runtime/features/window.h names them."""
        return {
            "kChannels": heard.channels,
            "kFrames": self.window,
            "kShift": self.shift,
            "kDetailShift": -1 if self.detail_shift is None else self.detail_shift,
        }

    def place(self, index: int, heard: Input) -> str:
        """`axis y, sample 40`."""
        frame, value = divmod(index, self.shape(heard)[1])
        detail, axis = divmod(value, heard.channels)
        return f"axis {heard.axes[axis]}{' without its mean' * detail}, sample {frame}"

    def layout(self, heard: Input) -> Layout:
        """A line for each value of a frame, over time."""
        detail = () if self.detail_shift is None else tuple(f"{axis} - mean" for axis in heard.axes)
        return Layout(Scale("time", 0, self.window / heard.rate_hz, "s"), (*heard.axes, *detail))
