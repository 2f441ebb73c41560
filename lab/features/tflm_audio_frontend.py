"""TFLM's audio frontend: for each step of sound a row of channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lab.features._features import Constant, Features
from lab.features._layout import Layout, Scale
from lab.signals.input import Input


class Settings(Features):
    """`steps` rows of `channels` values; a window of sound is `window_ms` long, and the next begins `step_ms` later."""

    kind: Literal["tflm-audio-frontend"] = "tflm-audio-frontend"
    window_ms: int = Field(gt=0, le=60_000)
    step_ms: int = Field(gt=0, le=60_000)
    channels: int = Field(gt=0, le=1_024)
    steps: int = Field(gt=0, le=60_000)
    lower_hz: float
    upper_hz: float
    scale: float = Field(default=1 / 64, gt=0, allow_inf_nan=False)
    zero_point: int = Field(default=-64, ge=-128, le=127)

    def shape(self, heard: Input) -> tuple[int, int]:  # noqa: ARG002
        """Steps and channels."""
        return self.steps, self.channels

    def frames(self, heard: Input) -> int:
        """Those of the first window, and those of each step after it."""
        return heard.rate_hz * self.window_ms // 1000 + (self.steps - 1) * self.step_frames(heard)

    def step_frames(self, heard: Input) -> int:
        """Those of a step."""
        return heard.rate_hz * self.step_ms // 1000

    @property
    def remember(self) -> bool:
        """The frontend keeps an estimate of the noise, from the device's start on."""
        return True

    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """As firmware/runtime/features/tflm_audio_frontend.h names them."""
        return {
            "kRateHz": heard.rate_hz,
            "kWindowMs": self.window_ms,
            "kStepMs": self.step_ms,
            "kRowChannels": self.channels,
            "kRows": self.steps,
            "kLowerHz": float(self.lower_hz),
            "kUpperHz": float(self.upper_hz),
        }

    def place(self, index: int, heard: Input) -> str:  # noqa: ARG002
        """`step 17, channel 3`."""
        step, channel = divmod(index, self.channels)
        return f"step {step}, channel {channel}"

    def layout(self, heard: Input) -> Layout:
        """Time to the right, frequency upwards."""
        seconds = self.frames(heard) / heard.rate_hz
        return Layout(Scale("time", 0, seconds, "s"), up=Scale("frequency", self.lower_hz, self.upper_hz, "Hz"))

    def problem(self, heard: Input) -> str | None:
        """Sound is mono."""
        if heard.channels != 1:
            return f"the audio frontend takes one channel, and input.axes has {heard.channels}"
        return super().problem(heard)
