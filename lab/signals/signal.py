"""A signal: what a sensor delivers over time, as whole numbers in steps of a unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SOUND = ("sound",)
"""The axes of mono sound."""

PICTURE = ("jpeg",)
"""The axes of a picture, of which a frame is a byte of its file."""

SOUND_STEPS = 32_768
"""Of int16 sound, in its full scale."""


@dataclass(frozen=True)
class Signal:
    """int16 `samples` [frames, channels], `rate_hz` frames a second, a channel for each of `axes`.

    `steps_per_unit` steps are one `unit`: 2,048 of them 1 g for an accelerometer of ±4 g and 14 bits, 32,768 the full
    scale of sound, whose unit is "".
    """

    samples: NDArray[np.int16]
    rate_hz: float
    axes: tuple[str, ...]
    unit: str
    steps_per_unit: int

    @classmethod
    def of_sound(cls, samples: NDArray[np.int16], rate_hz: float) -> Signal:
        """Mono sound, int16 [frames]."""
        return cls(samples.reshape(-1, 1), rate_hz, SOUND, "", SOUND_STEPS)

    @classmethod
    def of_picture(cls, content: bytes) -> Signal:
        """The bytes of a JPEG file. It has no length in time: a camera that is asked gives the whole of it."""
        return cls(np.frombuffer(content, np.uint8).astype(np.int16).reshape(-1, 1), 1, PICTURE, "", 1)

    @property
    def channels(self) -> int:
        """Values in a frame."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate_hz
