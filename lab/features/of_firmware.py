"""No features of the lab's: what a firmware of others makes of the signal is its own business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from lab.features._features import Constant, Features
from lab.features._layout import Layout, Scale
from lab.signals.input import Input


class Settings(Features):
    """A workload of this kind is for firmware that the lab did not build: it has neither a model nor an arena.

    A recording stands for one input of the model, as far as times and strides go.
    """

    kind: Literal["of-firmware"] = "of-firmware"
    scale: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    zero_point: int = Field(default=0, ge=-128, le=127)
    computed: ClassVar[bool] = False

    @override
    def shape(self, heard: Input) -> tuple[int, int]:
        return 1, 1

    @override
    def frames(self, heard: Input) -> int:
        return heard.frames

    @override
    def step_frames(self, heard: Input) -> int:
        return heard.frames

    @override
    def constants(self, heard: Input) -> Mapping[str, Constant]:
        return {}

    @override
    def place(self, index: int, heard: Input) -> str:
        return f"value {index}"

    @override
    def layout(self, heard: Input) -> Layout:
        return Layout(Scale("value", 0, 1), up=Scale("row", 0, 1))
