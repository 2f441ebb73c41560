"""What the sensors of a probe are fed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import numpy as np
from pydantic import Field
from typing_extensions import Self

from lab.configuration import Frozen
from lab.conformance.case import Stimulus
from lab.signals.picture import MOST_BYTES
from lab.signals.signal import Signal

HEARD_HZ, FELT_HZ, _ONE_G = 16_000, 100, 16_384
MICROPHONE, ACCELEROMETER, CAMERA = "microphone", "accelerometer", "camera"

_Int16 = Annotated[int, Field(ge=-(2**15), lt=2**15)]


class Feeds(Frozen):
    """The microphone hears `samples` samples: 1, 2, 3, ... so that each says which one it is, and none is silence.

    The accelerometer feels `accelerations`, x y z each, 16,384 = 1 g. The camera sees a file of `picture` bytes: 1, 2,
    3, ..., 255, 0, 1, ...
    """

    samples: int = Field(0, ge=0, lt=2**15)
    accelerations: tuple[tuple[_Int16, _Int16, _Int16], ...] = ()
    picture: int = Field(0, ge=0, le=MOST_BYTES)

    @classmethod
    def of(cls, stimuli: Iterable[Stimulus]) -> Self:
        """The feeds that were made into those stimuli."""
        fed = {one.sensor: one.signal.samples for one in stimuli}
        return cls(
            samples=len(fed.get(MICROPHONE, ())),
            accelerations=tuple(map(tuple, fed.get(ACCELEROMETER, ()))),
            picture=len(fed.get(CAMERA, ())),
        )

    @property
    def stimuli(self) -> tuple[Stimulus, ...]:
        """As samples, for those sensors alone that hear or feel something."""
        fed = {
            MICROPHONE: Signal.of_sound(np.arange(1, self.samples + 1, dtype=np.int16), HEARD_HZ),
            ACCELEROMETER: Signal(np.array(self.accelerations, np.int16), FELT_HZ, ("x", "y", "z"), "g", _ONE_G),
            CAMERA: Signal.of_picture(bytes(number & 0xFF for number in range(1, self.picture + 1))),
        }
        return tuple(Stimulus(sensor, signal) for sensor, signal in fed.items() if len(signal.samples))
