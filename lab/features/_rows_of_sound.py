"""What kinds of features have in common that are a row of values for each step of sound."""

from __future__ import annotations

from pydantic import Field

from lab.features._features import Features
from lab.features._layout import Layout, Scale
from lab.signals.input import Input


class RowsOfSound(Features):
    """A row is made of `window_ms` of sound, and the next begins `step_ms` later: as many as `input.window_s` holds.

    Of a row's spectrum `bands` filters are taken, evenly spaced in mel from `lower_hz` to `upper_hz`.
    """

    window_ms: int = Field(gt=0, le=1_000)
    step_ms: int = Field(gt=0, le=1_000)
    bands: int = Field(ge=2, le=256)
    lower_hz: float = Field(ge=0)
    upper_hz: float = Field(gt=0)

    def window_frames(self, heard: Input) -> int:
        """Those of a row."""
        return heard.rate_hz * self.window_ms // 1000

    def step_frames(self, heard: Input) -> int:
        """Those from one row to the next."""
        return heard.rate_hz * self.step_ms // 1000

    def rows(self, heard: Input) -> int:
        """How many begin and end within the input's window."""
        return 1 + (heard.frames - self.window_frames(heard)) // self.step_frames(heard)

    def frames(self, heard: Input) -> int:
        """From the beginning of the first row to the end of the last."""
        return self.window_frames(heard) + (self.rows(heard) - 1) * self.step_frames(heard)

    def layout(self, heard: Input) -> Layout:
        """Time to the right, filters upwards."""
        values = self.shape(heard)[1]
        return Layout(Scale("time", 0, self.frames(heard) / heard.rate_hz, "s"), up=Scale(self._value, 0, values))

    def place(self, index: int, heard: Input) -> str:
        """`step 17, band 3`."""
        row, value = divmod(index, self.shape(heard)[1])
        return f"step {row}, {self._value} {value}"

    def problem(self, heard: Input) -> str | None:
        """Sound is mono, rows are of whole frames and leave nothing out, and filters are of what a spectrum has."""
        if heard.channels != 1:
            return f"they are of one channel, and input.axes has {heard.channels}"
        for name, milliseconds in {"window_ms": self.window_ms, "step_ms": self.step_ms}.items():
            if heard.rate_hz * milliseconds % 1000:
                return f"{name} = {milliseconds} is no whole number of frames at {heard.rate_hz:,} Hz"
        if self.step_ms > self.window_ms:
            return f"step_ms = {self.step_ms} is longer than window_ms = {self.window_ms}"
        if self.window_frames(heard) > heard.frames:
            return f"window_ms = {self.window_ms} is longer than input.window_s of {heard.window_s:g} s"
        if not self.lower_hz < self.upper_hz <= heard.rate_hz / 2:
            return (
                f"lower_hz = {self.lower_hz:g} and upper_hz = {self.upper_hz:g} are not one below the other, up to "
                f"half of {heard.rate_hz:,} Hz"
            )
        return super().problem(heard)

    @property
    def _value(self) -> str:
        """What a value of a row is."""
        return "band"
