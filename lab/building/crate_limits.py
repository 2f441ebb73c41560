"""What the kernels and the memory planner of TFLM of 2020 take for granted, and fail or go astray without.

Types are in `operator_types.py`. Each is found in a model before anything is built.
"""

from __future__ import annotations

from collections.abc import Iterator

from lab.model import Model, Operator

_MOST_DIMENSIONS = 4
_BROADCASTS = ("ADD", "SUB", "MUL", "EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL")
_ALWAYS_BROADCASTS = ("PRELU",)
"""Operators that take shapes apart into four dimensions, where two differ and always."""


def problems(model: Model) -> Iterator[tuple[str, Operator | None]]:
    """What this model asks too much of, in words that follow "lacks", and the operator that does."""
    read = {index for operator in model.operators for index in operator.inputs}.union(model.outputs)
    for operator in model.operators:
        if operator.name == "CONV_2D" and _in_groups(operator, model):
            yield "CONV_2D in groups", operator
        if dimensions := _broadcast(operator, model):
            yield f"{operator.name} that broadcasts {dimensions} dimensions (it has {_MOST_DIMENSIONS})", operator
        if not read.issuperset(operator.outputs):
            yield f"{operator.name} with an output that nothing reads", operator
    if not read.issuperset(model.inputs):
        yield "a model input that nothing reads", None


def _in_groups(operator: Operator, model: Model) -> bool:
    """Weights of fewer channels than the data: the kernel would read beyond them."""
    data, weights = (model.tensors[index].shape for index in operator.inputs[:2])
    return weights[-1] != data[-1]


def _broadcast(operator: Operator, model: Model) -> int:
    """How many dimensions it broadcasts, 0 for as many as it can: with more it never ends."""
    shapes = [model.tensors[index].shape for index in operator.inputs if index >= 0]
    dimensions = max(map(len, shapes), default=0)
    if dimensions <= _MOST_DIMENSIONS:
        return 0
    if operator.name in _ALWAYS_BROADCASTS or (operator.name in _BROADCASTS and len(set(shapes)) > 1):
        return dimensions
    return 0
