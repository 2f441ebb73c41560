"""What every kind of features says of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from math import prod
from typing import ClassVar

from pydantic import Field

from lab.configuration import Frozen
from lab.errors import ConfigurationError
from lab.features._layout import Layout
from lab.signals.input import Input

Constant = int | float | tuple[int, ...] | tuple[float, ...]
"""A whole number, a float of 32 bits, or a table: of whole numbers of 16 bits, or of such floats."""


class Features(Frozen, ABC):
    """How a signal becomes a model's input: int8 values, of which `zero_point` stands for 0 and a step for `scale`.

    A kind has a header of its name in `firmware/runtime/features`, whose class template `Features` computes them, on
    the device and on the host. `scale` and `zero_point` say what a value stands for where a model is trained: the
    firmware copies features into the model as they are, so its input must be quantised in the same way.
    """

    computed: ClassVar[bool] = True
    """Whether the lab has code for them, of the device and of the host."""

    kind: str
    scale: float = Field(gt=0, allow_inf_nan=False)
    zero_point: int = Field(ge=-128, le=127)

    @abstractmethod
    def shape(self, heard: Input) -> tuple[int, int]:
        """Rows, and values in a row."""

    @abstractmethod
    def frames(self, heard: Input) -> int:
        """Frames of the signal that one input of the model is made of."""

    def step_frames(self, heard: Input) -> int:  # noqa: ARG002
        """Frames by which the input moves on."""
        return 1

    def apart(self, heard: Input) -> int:
        """Frames from one input to the next, at least."""
        return self.step_frames(heard)

    @property
    def come_by_time(self) -> bool:
        """Whether there are some again and again, whatever the sensor feels."""
        return True

    @property
    def remember(self) -> bool:
        """Whether they depend on what was heard before the frames that they are made of."""
        return False

    @abstractmethod
    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """The constants of the class template's settings, by name."""

    @abstractmethod
    def place(self, index: int, heard: Input) -> str:
        """The name of a value, by its index in the flat array."""

    @abstractmethod
    def layout(self, heard: Input) -> Layout:
        """How a picture of the values is laid out."""

    def problem(self, heard: Input) -> str | None:
        """What is wrong with the settings for such a signal, in words; None if nothing is."""
        if self.frames(heard) > heard.frames:
            return (
                f"they are made of {self.frames(heard):,} frames, and input.window_s of {heard.window_s:g} s has "
                f"{heard.frames:,}"
            )
        return None

    def check_computed(self) -> None:
        """Raises ConfigurationError where the lab has no code for them."""
        if not self.computed:
            raise ConfigurationError(
                f"Features of the kind {self.kind} are computed by firmware of others alone, so a workload with them "
                "has no model, and no firmware of the lab's.",
                remedy="Bring one: `lab run WORKLOAD --firmware FILE --adapter FILE`, as docs/own-firmware.md says.",
                code="features-of-firmware",
            )

    def values(self, heard: Input) -> int:
        """How many there are."""
        return prod(self.shape(heard))
