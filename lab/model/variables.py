"""Variables, which keep a value from one inference to the next: every operator must take one to be of one size.

TFLM copies as many bytes as a variable has, into a tensor of whatever size.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

import tflite

from lab.model.model import Tensor
from lab.model.rules import Contradiction

_USERS = {
    tflite.BuiltinOperator.READ_VARIABLE: "READ_VARIABLE",
    tflite.BuiltinOperator.ASSIGN_VARIABLE: "ASSIGN_VARIABLE",
}


def check(model: tflite.Model, tensors: Sequence[Sequence[Tensor]]) -> None:
    """`tensors` are those of each subgraph. Raises Contradiction for a variable of two types or shapes, or none."""
    found: dict[tuple[bytes, bytes], Tensor] = {}
    for number, of_graph in enumerate(tensors):
        for operator, variable, value in _uses(model, model.Subgraphs(number), of_graph):
            first = found.setdefault(variable, value)
            if (value.dtype, value.shape) != (first.dtype, first.shape):
                raise Contradiction(f"{operator} takes a variable to be {value}, which is {first} elsewhere")


def _uses(
    model: tflite.Model, graph: tflite.SubGraph, tensors: Sequence[Tensor]
) -> Iterator[tuple[str, tuple[bytes, bytes], Tensor]]:
    """Each operator that reads or assigns a variable: its name, the variable's, and the value's tensor."""
    handles: dict[int, tuple[bytes, bytes]] = {}
    for operator in map(graph.Operators, range(graph.OperatorsLength())):
        code = model.OperatorCodes(operator.OpcodeIndex())
        kind = max(code.DeprecatedBuiltinCode(), code.BuiltinCode())
        if kind == tflite.BuiltinOperator.VAR_HANDLE:
            handles[operator.Outputs(0)] = _named(operator)
        elif kind in _USERS:
            if operator.Inputs(0) not in handles:
                raise Contradiction(f"{_USERS[kind]} takes a variable that no VAR_HANDLE of its subgraph gives")
            value = operator.Outputs(0) if kind == tflite.BuiltinOperator.READ_VARIABLE else operator.Inputs(1)
            yield _USERS[kind], handles[operator.Inputs(0)], tensors[value]


def _named(handle: tflite.Operator) -> tuple[bytes, bytes]:
    """Container and name of the variable."""
    options, table = tflite.VarHandleOptions(), handle.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    try:
        return options.Container() or b"", options.SharedName() or b""
    except (struct.error, TypeError, ValueError):
        raise Contradiction("VAR_HANDLE has a name that lies outside the file") from None
