"""An operator as the rules see it, and what a rule is."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import tflite

from lab.model.model import Tensor, listed

ANY = 2**31
"""Inputs of an operator that takes any number."""

Shape = tuple[int, ...]
_INTEGERS = {"INT8": "<i1", "UINT8": "<u1", "INT16": "<i2", "INT32": "<i4", "INT64": "<i8"}


class Contradiction(ValueError):
    """An operator whose tensors and options do not fit together; the message says which, and how."""


@dataclass(frozen=True)
class Node:
    """One operator; `stored` gives the bytes of a constant input by its place, none where it is computed.

    `table` is its table in the flatbuffer, `options_name` the table of options that it should have, `subgraphs` the
    number of graphs in the model.
    """

    name: str
    inputs: tuple[Tensor | None, ...]
    outputs: tuple[Tensor, ...]
    stored: Callable[[int], bytes]
    table: Any
    options_name: str
    subgraphs: int

    def refuse(self, why: str) -> NoReturn:
        """Raises Contradiction."""
        raise Contradiction(f"{self.name} ({listed(self.inputs)} to {listed(self.outputs)}): {why}")

    def input(self, place: int) -> Tensor:
        """The input at that place, which must be there."""
        tensor = self.inputs[place] if place < len(self.inputs) else None
        if tensor is None:
            self.refuse(f"it lacks input {place}")
        return tensor

    @property
    def output(self) -> Tensor:
        """The first output."""
        return self.outputs[0]

    def integers(self, place: int) -> tuple[int, ...] | None:
        """The values of a constant input of integers; None where they are not known before it runs."""
        tensor = self.inputs[place] if place < len(self.inputs) else None
        if tensor is None or not tensor.constant or tensor.dtype not in _INTEGERS:
            return None
        return tuple(int(value) for value in np.frombuffer(self.stored(place), _INTEGERS[tensor.dtype]))

    def options(self) -> Any:
        """The table of its options, None where it has none or another operator's."""
        kind = getattr(tflite, self.options_name)
        table = self.table.BuiltinOptions()
        if table is None or self.table.BuiltinOptionsType() != getattr(tflite.BuiltinOptions, self.options_name):
            return None
        options = kind()
        options.Init(table.Bytes, table.Pos)
        return options

    def option(self, name: str) -> int:
        """A number among the options; 0 where they do not say it, as in TFLite's schema."""
        options = self.options()
        try:
            return 0 if options is None else int(getattr(options, name)())
        except struct.error:
            self.refuse(f"its option {name} reaches beyond the file")

    def same_type(self, *tensors: Tensor) -> None:
        """Refuse tensors of several types."""
        if len({tensor.dtype for tensor in tensors}) > 1:
            self.refuse(f"its types are {', '.join(tensor.dtype.lower() for tensor in tensors)}, and must be one")

    def gives(self, shape: Shape, output: Tensor | None = None) -> None:
        """Refuse an output that has not as many values as that shape, for kernels that only count them."""
        if math.prod(shape) != (output or self.output).elements:
            self.refuse(f"it gives {list(shape)}")

    def gives_exactly(self, shape: Shape, output: Tensor | None = None) -> None:
        """Refuse an output of another shape, for kernels that go by its dimensions."""
        if shape != (output or self.output).shape:
            self.refuse(f"it gives {list(shape)}")

    def check_bias(self, place: int, units: int) -> None:
        """Refuse a bias, where there is one, that is not one value for each unit."""
        bias = self.inputs[place] if place < len(self.inputs) else None
        if bias is not None and bias.elements != units:
            self.refuse(f"it has {bias.elements} biases for {units} units")

    def axis(self, value: int, rank: int, what: str = "axis") -> int:
        """That axis counted from the front."""
        if not -rank <= value < rank:
            self.refuse(f"{what} {value} is none of {rank} dimensions")
        return value % rank if rank else 0

    def broadcast(self, *tensors: Tensor) -> Shape:
        """The shape of all of them together, by NumPy's rules."""
        try:
            return np.broadcast_shapes(*(tensor.shape for tensor in tensors))
        except ValueError:
            self.refuse("its shapes do not broadcast")


@dataclass(frozen=True)
class Rule:
    """What must hold for an operator with `least` to `most` inputs, and so many outputs, None for any number.

    The first `least` inputs must be there, but for those at `optional`.

    `check` raises Contradiction, and gives the multiply-accumulates of those that multiply weights.
    """

    check: Callable[[Node], int | None]
    least: int
    most: int
    outputs: int | None = 1
    options: str = ""
    optional: tuple[int, ...] = ()


def without(shape: Sequence[int], axis: int) -> Shape:
    """A shape without one of its dimensions."""
    return (*shape[:axis], *shape[axis + 1 :])
