"""The shape of `profile.json`, version 1. `profile.schema.json` beside this file is generated from it.

A field may be added within a version; a field that changes its meaning or goes away makes a new version.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PartKind = Literal["operator", "stage", "rest", "interrupt"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True, populate_by_name=True)


class Part(_Part):
    """A part of a phase, with all that it called; interrupts that came meanwhile are parts of their own."""

    name: str
    """The operator's name in TFLite, the stage of the frontend, the exception, or what the rest is."""
    kind: PartKind
    calls: int
    """0 for what the other parts leave."""
    instructions: int
    """Exact."""
    cycles: int
    """Modelled."""
    share: float
    """Of the phase's instructions, 0 to 1."""


class OperatorPart(Part):
    """An operator of the model."""

    kind: PartKind = "operator"
    index: int
    """Place in the order of execution, from 0."""
    output: tuple[int, ...]
    """Shape of its first output."""
    tensor: str
    """Name of its first output."""
    macs: int
    """Multiply-accumulates by its shapes; 0 for one that multiplies no weights."""
    function: str
    """The function that the interpreter called."""

    @property
    def per_mac(self) -> float | None:
        """Instructions for each multiply-accumulate."""
        return self.instructions / self.macs if self.macs else None


class Phase(_Part):
    """A stretch of the program; its parts add up to it exactly."""

    instructions: int
    cycles: int
    parts: tuple[OperatorPart | Part, ...]


class FunctionCost(_Part):
    """A function over a whole recording, start-up left out: what it spent itself, without those that it called."""

    name: str
    calls: int
    instructions: int
    cycles: int


class BoardProfile(_Part):
    """One recording on one board with one choice of kernels."""

    target: str
    kernels: str
    build: dict[str, str]
    """What the image was made with."""
    cost_model: str
    """Which model the cycles are of."""
    cycle_error: str
    """What is known of their error, as the end of a sentence."""
    clock_hz: int
    decided: str
    """What the device took the recording for."""
    inference: Phase
    """The model, once."""
    features: Phase
    """The audio frontend, over all steps of the recording."""
    remainder: Phase
    """From the boot line to the statistics line without the two: waiting, checks, output."""
    start_up: Phase
    """From reset to the boot line."""
    functions: tuple[FunctionCost, ...]
    """The costliest first."""

    @property
    def name(self) -> str:
        """`nano33ble-cmsis-nn`"""
        return f"{self.target}-{self.kernels}"

    @property
    def operators(self) -> tuple[OperatorPart, ...]:
        """In order of execution."""
        return tuple(part for part in self.inference.parts if isinstance(part, OperatorPart))


class Profile(_Part):
    """One recording on boards, with kernels."""

    schema_: Literal["tinyml-device-lab/profile/1"] = Field(default="tinyml-device-lab/profile/1", alias="schema")
    workload: str
    model: str
    """File and CRC-32."""
    clip: str
    """Path below the recordings folder."""
    boards: tuple[BoardProfile, ...]

    def to_json(self) -> str:
        """The text of `profile.json`."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"
