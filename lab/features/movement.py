"""A movement that is found in the signal, brought to a fixed number of points in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lab.features._features import Constant, Features
from lab.features._layout import Layout, Scale
from lab.signals.input import Input

_FIRST_ACTIVITY = 14


class Settings(Features):
    """A movement begins where the activity reaches `on`, and ends after `hang` frames below `off`.

    The activity of a frame, in steps of the signal, is defined in firmware/runtime/features/movement_finder.h. A
    movement's first frame lies `back` before the one that tells it, its last `trim` before the last active one; one
    that is shorter than `shortest` or longer than `longest` is none. Its frames are brought to `points` points, divided
    by 2^`shift`, rounded, limited to int8. Lengths are in frames.
    """

    kind: Literal["movement"] = "movement"
    on: int = Field(gt=0)
    off: int = Field(gt=0)
    hang: int = Field(gt=0, le=1_000)
    back: int = Field(ge=0, le=1_000)
    trim: int = Field(ge=0, le=1_000)
    shortest: int = Field(gt=0, le=10_000)
    longest: int = Field(gt=0, le=10_000)
    points: int = Field(gt=1, le=1_000)
    shift: int = Field(ge=0, le=15)

    def shape(self, heard: Input) -> tuple[int, int]:
        """Points and axes."""
        return self.points, heard.channels

    def frames(self, heard: Input) -> int:  # noqa: ARG002
        """Those that are kept: the longest movement, and what passes until it is known to have ended."""
        return self.longest + self.hang + self.trim

    def apart(self, heard: Input) -> int:  # noqa: ARG002
        """Those of the shortest movement, and the rest after it."""
        return self.shortest + self.hang

    @property
    def come_by_time(self) -> bool:
        """Only when a movement has ended: at rest, or in a motion that goes on and on, there are none."""
        return False

    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """As firmware/runtime/features/movement.h names them."""
        return {
            "kChannels": heard.channels,
            "kOn": self.on,
            "kOff": self.off,
            "kHang": self.hang,
            "kBack": self.back,
            "kTrim": self.trim,
            "kShortest": self.shortest,
            "kLongest": self.longest,
            "kPoints": self.points,
            "kShift": self.shift,
        }

    def place(self, index: int, heard: Input) -> str:
        """`axis y, point 12`."""
        point, axis = divmod(index, heard.channels)
        return f"axis {heard.axes[axis]}, point {point}"

    def layout(self, heard: Input) -> Layout:
        """A line for each axis, from the beginning of the movement to its end."""
        return Layout(Scale("point", 0, self.points), heard.axes)

    def problem(self, heard: Input) -> str | None:
        """A movement has to be able to begin and to end."""
        if self.off > self.on:
            return f"a movement ends below off = {self.off:,}, which is more than on = {self.on:,}, where it begins"
        if self.shortest > self.longest:
            return f"shortest = {self.shortest} is longer than longest = {self.longest}"
        if self.back + self.trim >= _FIRST_ACTIVITY + self.shortest:
            return f"back = {self.back} and trim = {self.trim} leave nothing of a movement of {self.shortest} frames"
        return super().problem(heard)
