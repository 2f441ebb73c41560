"""What a workload wants of its sensor."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from typing_extensions import Self

from lab.configuration import Frozen
from lab.errors import UsageError
from lab.signals.signal import PICTURE, SOUND, Signal


class Input(Frozen):
    """What is played into the board: which sensor, at which rate, in which steps, how long one recording is.

    A value is a whole number of `bits` bits, of which the highest stands for `range` units: an accelerometer of ±4 g
    and 14 bits has 2,048 steps to 1 g. Left out, it is mono sound. A recording that is longer than `window_s` is
    played in windows that begin `hop_s` apart; without `hop_s` only its beginning is played. Before a recording
    its first frame is held for `lead_s`, which counts to the window.

    With the one axis "jpeg" a recording is a picture, the bytes of a JPEG file: it has no rate and no length, so
    nothing else is said.
    """

    sensor: str
    rate_hz: int = Field(gt=0, le=1_000_000)
    window_s: float = Field(gt=0, le=60)
    hop_s: float | None = Field(default=None, gt=0, le=60)
    lead_s: float = Field(default=0.0, ge=0, le=60)
    axes: tuple[str, ...] = Field(default=SOUND, min_length=1, max_length=8)
    unit: str = ""
    range: float = Field(default=1.0, gt=0)
    bits: int = Field(default=16, ge=2, le=16)

    @model_validator(mode="before")
    @classmethod
    def _has_no_time_if_it_is_of_pictures(cls, said: Any) -> Any:
        if not isinstance(said, dict) or said.get("axes") not in (list(PICTURE), PICTURE):
            return said
        if other := [key for key in said if key not in ("sensor", "axes")]:
            raise ValueError(f"{other[0]} is not for pictures, which have neither a rate nor a range")
        return {**said, "rate_hz": 1, "window_s": 1.0}

    @model_validator(mode="after")
    def _has_whole_steps(self) -> Self:
        if len(set(self.axes)) < len(self.axes):
            raise ValueError("two axes have one name")
        if not all(self.axes):
            raise ValueError("an axis has no name")
        if self.content < 1:
            why = "lead_s leaves nothing of" if self.lead else f"there is no frame at {self.rate_hz:,} Hz in"
            raise ValueError(f"{why} a window of {self.window_s:g} s")
        if self.hop_s is not None and self.hop_s * self.rate_hz < 1:
            raise ValueError(f"a hop_s of {self.hop_s:g} s is shorter than a frame at {self.rate_hz:,} Hz")
        if not (2 ** (self.bits - 1) / self.range).is_integer():
            raise ValueError(f"{self.bits} bits for a range of {self.range:g} make no whole number of steps to a unit")
        return self

    @property
    def is_sound(self) -> bool:
        """Whether it is mono sound: recordings of it are sound files, whose channels are mixed to one."""
        return self.axes == SOUND

    @property
    def is_picture(self) -> bool:
        """Whether it is pictures: a recording is the bytes of one, which are played all at once."""
        return self.axes == PICTURE

    @property
    def frames(self) -> int:
        """Frames in one recording: a value of each axis at a time."""
        return round(self.rate_hz * self.window_s)

    @property
    def lead(self) -> int:
        """Frames that are held before what was recorded."""
        return round(self.rate_hz * self.lead_s)

    @property
    def content(self) -> int:
        """Frames of what was recorded."""
        return self.frames - self.lead

    @property
    def channels(self) -> int:
        """Values in a frame."""
        return len(self.axes)

    @property
    def steps_per_unit(self) -> int:
        """How many steps of a value are one unit."""
        return int(2 ** (self.bits - 1) / self.range)

    def with_rest(self, samples: NDArray[np.int16], seconds: float) -> NDArray[np.int16]:
        """A recording, int16 [frames] or [frames, channels], and rest behind it: silence, or its last frame held.

        A picture is seen until there is another.
        """
        if self.is_picture:
            return samples
        frames = samples.reshape(-1, self.channels)
        last = np.zeros_like(frames[:1]) if self.is_sound else frames[-1:]
        return np.concatenate([frames, last.repeat(round(seconds * self.rate_hz), axis=0)])

    def lasts(self, samples: NDArray[np.int16]) -> float:
        """Seconds that the sensor delivers these for: of a picture none, of which a capture takes no time."""
        return 0.0 if self.is_picture else len(samples) / self.rate_hz

    def check_goes_on(self, what: str) -> None:
        """Raises UsageError for pictures, which stand by themselves; `what` is what needs more: "A stream"."""
        if self.is_picture:
            raise UsageError(
                f"{what} is of a signal that goes on, and the {self.sensor} delivers pictures.",
                remedy="`lab run` plays them, one after the other.",
            )

    def signal(self, samples: NDArray[np.int16]) -> Signal:
        """What the sensor delivers, int16 [frames], or [frames, channels]."""
        frames = samples.reshape(-1, self.channels)
        return Signal(frames, self.rate_hz, self.axes, self.unit, self.steps_per_unit)
