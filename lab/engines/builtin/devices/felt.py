"""What a part with a clock feels: the signals that it was fed, by its own ticks."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lab.engines.builtin.devices.accelerations import frames_of
from lab.signals.signal import Signal

_NANO = 10**9
_NOTHING = (0, 0, 0)

Frame = tuple[int, int, int]


@dataclass(frozen=True)
class Stretch:
    """A signal in whole numbers: int16 [frames, 3], frames a 10^9 seconds, steps to 1 g. Never changed."""

    frames: NDArray[np.int16]
    rate_nano_hz: int
    steps_per_g: int

    def __deepcopy__(self, _memo: dict[int, object]) -> Stretch:
        """A snapshot refers to it."""
        return self

    def at(self, index: int) -> Frame:
        """The frame of that number, or the last one."""
        x, y, z = self.frames[min(index, len(self.frames) - 1)].tolist()
        return x, y, z


@dataclass
class Felt:
    """Signals one after the other, looked at by ticks that are whole numbers of a `units_per_second`th of a second.

    A signal begins with the first tick that finds it at the head, and is at its n-th frame n / rate seconds later. Its
    last frame is held until there is another signal; before the first one there is nothing to feel.
    """

    units_per_second: int
    waiting: deque[Stretch] = field(default_factory=deque)
    age: int | None = None
    """Of the head at the last tick, in units; None before its first tick."""

    def add(self, signal: Signal, part: str) -> None:
        """Queue a signal; one without any frame is nothing. Raises RecordingError for other axes than three."""
        frames = frames_of(signal, part)
        if len(frames):
            nano_hz = int(f"{signal.rate_hz:.9f}".replace(".", ""))  # the digits that Renode is told
            self.waiting.append(Stretch(frames.copy(), nano_hz, signal.steps_per_unit))

    def next(self, units: int) -> tuple[Frame, int]:
        """What is felt at a tick, `units` after the one before, and the steps to 1 g of it."""
        if not self.waiting:
            return _NOTHING, 1
        self.age = 0 if self.age is None else self.age + units
        index = self.age * self.waiting[0].rate_nano_hz // (self.units_per_second * _NANO)
        if index >= len(self.waiting[0].frames) and len(self.waiting) > 1:
            self.waiting.popleft()
            self.age = index = 0
        return self.waiting[0].at(index), self.waiting[0].steps_per_g
