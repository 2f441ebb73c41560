"""Models of one operator each, for any types: of every operator that TFLM of 2020 registers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import tflite

from tests.building.tiny_model import Graph, Operator, Tensor
from tests.kernels import drawn

IMAGE = (1, 4, 4, 2)
UNARY = ("CEIL", "COS", "FLOOR", "LOG", "LOGICAL_NOT", "NEG", "ROUND", "SIN", "SQRT", "SQUARE")
COMPARISONS = ("EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL")
BINARY = ("LOGICAL_AND", "LOGICAL_OR", *COMPARISONS)
BY_AXIS = ("ARG_MAX", "ARG_MIN")
SIZES = {"FLOAT32": 4, "INT8": 1, "UINT8": 1, "INT16": 2, "INT32": 4, "INT64": 8, "BOOL": 1}
QUANTISED = ("INT8", "UINT8", "INT16")

Parts = tuple[list[Tensor], list[Tensor], dict[str, float]]
"""Inputs, outputs and options."""


def model(name: str, data: str, output: str, version: int = 1) -> Graph:
    """The operator of that name from `data` to `output`, types as TFLite calls them."""
    if name in drawn.DRAWERS:
        return drawn.model(name, data, output, drawn.Draw(0), version)
    inputs, outputs, options = _parts(name, data, output)
    tensors = [*inputs, *outputs]
    given = [index for index, tensor in enumerate(inputs) if not tensor.data and not tensor.variable]
    made = list(range(len(inputs), len(tensors)))
    code = getattr(tflite.BuiltinOperator, name)
    operator = Operator(code, list(range(len(inputs))), made, version, options)
    return Graph(tensors, [operator], given, made)


def side_by_side(graphs: Sequence[Graph]) -> Graph:
    """All of them in one model."""
    whole = Graph([], [], [], [])
    for graph in graphs:
        first = len(whole.tensors)
        whole.tensors += graph.tensors
        whole.inputs += [first + index for index in graph.inputs]
        whole.outputs += [first + index for index in graph.outputs]
        for one in graph.operators:
            inputs = [first + index if index >= 0 else index for index in one.inputs]
            outputs = [first + index for index in one.outputs]
            whole.operators.append(Operator(one.code, inputs, outputs, one.version, one.options))
    return whole


def _parts(name: str, data: str, output: str) -> Parts:
    image, result = _tensor(data, IMAGE), _tensor(output, IMAGE)
    if name in UNARY:
        return [image], [result], {}
    if name in BINARY:
        return [image, _tensor(data, IMAGE)], [result], {}
    return _moves(data, output, image)[name]


def _moves(data: str, output: str, image: Tensor) -> dict[str, Parts]:
    """Those that move values."""

    def to(*shape: int) -> Tensor:
        return _tensor(output, shape)

    last = _integers(3, shape=())
    return {
        "PRELU": ([image, _constant(data, (1, 1, 2))], [to(*IMAGE)], {}),
        "RESHAPE": ([image, _integers(1, 32)], [to(1, 32)], {}),
        "PACK": ([image, _tensor(data, IMAGE)], [to(2, *IMAGE)], {"ValuesCount": 2}),
        "UNPACK": ([image], [to(1, 4, 4), to(1, 4, 4)], {"Num": 2, "Axis": 3}),
        "SPLIT": ([last, image], [to(1, 4, 4, 1), to(1, 4, 4, 1)], {"NumSplits": 2}),
    }


def _tensor(kind: str, shape: Sequence[int], scale: float = 0.05, zero_point: int = 0) -> Tensor:
    if kind not in QUANTISED:
        return Tensor(shape, getattr(tflite.TensorType, kind), scale=None)
    return Tensor(shape, getattr(tflite.TensorType, kind), scale=scale, zero_point=zero_point)


def _constant(kind: str, shape: Sequence[int], scale: float = 0.01) -> Tensor:
    tensor = _tensor(kind, shape, scale)
    tensor.data = bytes(SIZES[kind] * math.prod(shape))
    if kind == "INT32":
        tensor.scale = 0.0005  # a bias
    return tensor


def _integers(*values: int, shape: Sequence[int] | None = None) -> Tensor:
    content = np.array(values, np.int32).tobytes()
    return Tensor((len(values),) if shape is None else shape, tflite.TensorType.INT32, content, scale=None)
