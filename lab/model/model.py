"""The value that a `.tflite` file is read into, and what it must be to serve a workload."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from typing_extensions import Self

from lab.configuration import place
from lab.errors import ModelError
from lab.workload import Workload

_NO_VALUE = "RESOURCE"
"""The type of a tensor that stands for a variable."""
_SHOWN = 6
"""Tensors of an operator that a message lists."""
_PROBABILITY = (1 / 256, -128)
"""Scale and zero point of probabilities in int8, as converters give them to a softmax."""


@dataclass(frozen=True)
class Tensor:
    """One tensor: its shape, its type as TFLite calls it ("INT8"), its size in bytes and its quantisation.

    value = scale * (stored - zero_point); several scales mean one a channel, none mean not quantised.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    constant: bool
    scale: tuple[float, ...] = ()
    zero_point: tuple[int, ...] = ()

    @property
    def elements(self) -> int:
        """How many values it holds."""
        return math.prod(self.shape)

    def __str__(self) -> str:
        return f"{self.dtype.lower()}[{', '.join(map(str, self.shape))}]"


def listed(tensors: Sequence[Tensor | None]) -> str:
    """Tensors as a message shows them, None for one that is left out."""
    words = ["nothing" if tensor is None else str(tensor) for tensor in tensors[:_SHOWN]]
    return ", ".join(words) + (f" and {len(tensors) - _SHOWN} more" if len(tensors) > _SHOWN else "")


@dataclass(frozen=True)
class Operator:
    """One step of the graph by TFLite's name; `inputs` and `outputs` are tensor indices, -1 an input left out.

    `macs` are its multiply-accumulates, 0 for an operator that multiplies no weights.
    """

    name: str
    version: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    macs: int


@dataclass(frozen=True)
class Model:
    """A model: the operators of its first subgraph in order of execution; `filling` are those of others, which give
    variables their first values. `data` is the file, `crc` its CRC-32.
    """

    path: Path
    data: bytes = field(repr=False)
    tensors: tuple[Tensor, ...] = field(repr=False)
    operators: tuple[Operator, ...] = field(repr=False)
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    filling: tuple[Operator, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """The model in that file.

        Raises ModelError if it is missing, truncated, corrupt, or of a kind that no TFLM runs: branches and
        loops, dynamic shapes, weights quantised for float activations ("hybrid"), float16.
        """
        from lab.model import reading  # noqa: PLC0415 - it needs the classes of this module

        return cls.of(path, reading.content(path))

    @classmethod
    def of(cls, path: Path, data: bytes, *, of_any_types: bool = False) -> Self:
        """The model that these bytes are; `path` is what errors call it. Raises as `read` does.

        `of_any_types` is for who wants to hear TFLM itself refuse hybrid and float16 models.
        """
        from lab.model import reading  # noqa: PLC0415 - it needs the classes of this module

        return cls(path, data, *reading.parse(path, data, of_any_types=of_any_types))

    @property
    def input(self) -> Tensor:
        """The first input."""
        return self.tensors[self.inputs[0]]

    @property
    def output(self) -> Tensor:
        """The first output."""
        return self.tensors[self.outputs[0]]

    def given(self, operator: Operator) -> Tensor | None:
        """What the operator gives first; None where that is no value, as of CALL_ONCE and VAR_HANDLE."""
        first = self.tensors[operator.outputs[0]] if operator.outputs else None
        return None if first is None or first.dtype == _NO_VALUE else first

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.data)

    @cached_property
    def crc(self) -> str:
        """CRC-32 of the file, eight lower-case hex digits, as the device prints it."""
        return f"{zlib.crc32(self.data):08x}"

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one inference."""
        return sum(operator.macs for operator in self.operators)

    @property
    def activation_bytes(self) -> int:
        """Bytes of all tensors that are not constants, as if none shared memory with another."""
        return sum(tensor.bytes for tensor in self.tensors if not tensor.constant)

    def described(self, index: int) -> str:
        """An operator with the types and shapes of its tensors."""
        operator = self.operators[index]
        taken = listed([self.tensors[one] if one >= 0 else None for one in operator.inputs])
        return f"{operator.name} ({taken} to {listed([self.tensors[one] for one in operator.outputs])})"

    def check(self, workload: Workload, *, streamed: bool = False) -> None:
        """Raises ModelError unless the workload's features fit the input and its labels the output.

        A score that is compared with a share, as a stream's may be, must be a probability.
        """
        steps, channels = workload.features.shape(workload.input)
        outputs = workload.decision.outputs(workload)
        if len(self.inputs) != 1 or len(self.outputs) != 1:
            raise ModelError(
                f"{self.path} has not one input and one output, which {workload.name} feeds and reads, but "
                f"{len(self.inputs)} and {len(self.outputs)}.",
                remedy="Export a model with one input and one output.",
                code="model-misfit",
            )
        if self.input.dtype != "INT8" or _without_ones(self.input.shape) not in (
            (steps, channels),
            (steps * channels,),
        ):
            raise ModelError(
                f"{self.path} takes {self.input}; the features of {workload.name} are int8[1, {steps}, {channels}, 1]: "
                f"{_unlike(self.input, steps, channels)}.",
                remedy=f"Convert it with int8 input of that shape, or correct [features] in {workload.file}; "
                "`lab bench` runs any model without features.",
                code="model-misfit",
            )
        _check_quantisation(self.path, self.input, workload)
        if self.output.dtype != "INT8" or self.output.elements != outputs:
            raise ModelError(
                f"{self.path} answers with {self.output}; {workload.name} has {len(workload.labels)} labels "
                f"and reads {outputs} int8 values.",
                remedy=f"Train it for these labels, or correct labels in {workload.file}; "
                "`lab bench` runs any model without labels.",
                code="model-misfit",
            )
        of_shares = streamed and workload.decision.threshold_is_share
        if of_shares and not _same_values(self.output, *_PROBABILITY):
            raise ModelError(
                f"{self.path} answers with {_quantised(self.output)}, which are no probabilities: in a stream scores "
                "of scale 0.00390625 (1/256) and zero point -128 are compared with decision.threshold.",
                remedy="End the model with a softmax, and convert it to int8 again.",
                code="model-quantisation",
            )


def _check_quantisation(path: Path, taken: Tensor, workload: Workload) -> None:
    """The firmware copies features into the model as they are: a value has to mean the same to both."""
    scale, zero_point = workload.features.scale, workload.features.zero_point
    if _same_values(taken, scale, zero_point):
        return
    text = workload.file.read_text(encoding="utf-8")
    raise ModelError(
        f"{path} takes {_quantised(taken)}; the features of {workload.name} are int8 with scale {scale:.7g} and "
        f"zero point {zero_point} ({place(workload.file, text, 'features', 'scale')}).",
        remedy="Train and convert it with the features of the lab, as docs/training.md says: a model of other features "
        "hears wrong, whatever its scale. One that was trained with these features under another scale runs once "
        f"features.scale and features.zero_point in {workload.file} are its own.",
        code="model-quantisation",
    )


def _quantised(tensor: Tensor) -> str:
    if len(tensor.scale) != 1:
        return f"{tensor} with {len(tensor.scale) or 'no'} scale{'s' * (len(tensor.scale) > 1)}"
    return f"{tensor} with scale {tensor.scale[0]:.7g} and zero point {tensor.zero_point[0]}"


def _same_values(tensor: Tensor, scale: float, zero_point: int) -> bool:
    """Whether what an int8 value stands for, rounded to the tensor's own quantisation, is that very value."""
    if len(tensor.scale) != 1 or tensor.scale[0] <= 0:
        return False
    ends = ((value - zero_point) * scale / tensor.scale[0] + tensor.zero_point[0] - value for value in (-128, 127))
    return all(abs(off) < 0.5 for off in ends)


def _unlike(taken: Tensor, steps: int, channels: int) -> str:
    """What of an input is not as the features are."""
    if taken.dtype != "INT8":
        return f"its values are {taken.dtype.lower()}, not int8"
    shape = _without_ones(taken.shape)
    if shape == (channels, steps):
        return "steps and channels are exchanged"
    if len(shape) != 2:
        return f"{taken.elements:,} values, not {steps * channels:,}"
    wanted = (("steps", shape[0], steps), ("channels", shape[1], channels))
    return " and ".join(f"{found} {name}, not {asked}" for name, found, asked in wanted if found != asked)


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(extent for extent in shape if extent != 1)
