"""Models of one operator each, for any types: of every operator that TFLM of 2020 registers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import tflite

from tests.building.tiny_model import Graph, Operator, Tensor
from tests.kernels import drawn

IMAGE, FLAT = (1, 4, 4, 2), (1, 8)
UNARY = ("ABS", "CEIL", "COS", "FLOOR", "LOG", "LOGICAL_NOT", "NEG", "RELU", "RELU6", "ROUND", "RSQRT", "SIN", "SQRT")
UNARY += ("SQUARE", "LOGISTIC", "TANH", "L2_NORMALIZATION", "SOFTMAX", "QUANTIZE", "DEQUANTIZE")
COMPARISONS = ("EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL")
BINARY = ("ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM", "LOGICAL_AND", "LOGICAL_OR", *COMPARISONS)
BY_AXIS = ("ARG_MAX", "ARG_MIN")
SIZES = {"FLOAT32": 4, "INT8": 1, "UINT8": 1, "INT16": 2, "INT32": 4, "INT64": 8, "BOOL": 1}
QUANTISED = ("INT8", "UINT8", "INT16")

Parts = tuple[list[Tensor], list[Tensor], dict[str, float]]
"""Inputs, outputs and options."""

# Scale and zero point that an operator demands of its int8 output.
_PROBABILITY, _SIGNED = (1 / 256, -128), (1 / 128, 0)
_DEMANDED = {"LOGISTIC": _PROBABILITY, "SOFTMAX": _PROBABILITY, "TANH": _SIGNED, "L2_NORMALIZATION": _SIGNED}


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
            inputs, outputs = ([first + index for index in indices] for indices in (one.inputs, one.outputs))
            whole.operators.append(Operator(one.code, inputs, outputs, one.version, one.options))
    return whole


def _parts(name: str, data: str, output: str) -> Parts:
    image, result = _tensor(data, IMAGE), _result(name, output, IMAGE)
    if name in UNARY:
        return [image], [result], {"Beta": 1.0} if name == "SOFTMAX" else {}
    if name in BINARY:
        return [image, _tensor(data, IMAGE)], [result], {}
    moves = _moves(data, output, image)
    if name in moves:
        return moves[name]
    return _filters(data, output) if name == "SVDF" else _weighted(name, data, output, image)


def _moves(data: str, output: str, image: Tensor) -> dict[str, Parts]:
    """Those that move values, or slide over them."""

    def to(*shape: int) -> Tensor:
        return _tensor(output, shape)

    padding = _integers(0, 0, 1, 1, 1, 1, 0, 0, shape=(4, 2))
    bounds = [_integers(*numbers) for numbers in ((0, 1, 1, 0), (1, 3, 3, 2), (1, 1, 1, 1))]
    last = _integers(3, shape=())
    window = {"FilterHeight": 2, "FilterWidth": 2, "StrideH": 1, "StrideW": 1}
    index = {"OutputType": tflite.TensorType.INT32}
    return {
        "PRELU": ([image, _constant(data, (1, 1, 2))], [to(*IMAGE)], {}),
        "AVERAGE_POOL_2D": ([image], [to(*IMAGE)], window),
        "MAX_POOL_2D": ([image], [to(*IMAGE)], window),
        "ARG_MAX": ([image, last], [to(1, 4, 4)], index),
        "ARG_MIN": ([image, last], [to(1, 4, 4)], index),
        "PAD": ([image, padding], [to(1, 6, 6, 2)], {}),
        "PADV2": ([image, padding, _constant(data, (1,), 0.05)], [to(1, 6, 6, 2)], {}),
        "RESHAPE": ([image, _integers(1, 32)], [to(1, 32)], {}),
        "SHAPE": ([image], [to(4)], {"OutType": tflite.TensorType.INT32}),
        "CONCATENATION": ([image, _tensor(data, IMAGE)], [to(1, 4, 4, 4)], {"Axis": 3}),
        "PACK": ([image, _tensor(data, IMAGE)], [to(2, *IMAGE)], {"ValuesCount": 2}),
        "UNPACK": ([image], [to(1, 4, 4), to(1, 4, 4)], {"Num": 2, "Axis": 3}),
        "SPLIT": ([last, image], [to(1, 4, 4, 1), to(1, 4, 4, 1)], {"NumSplits": 2}),
        "STRIDED_SLICE": ([image, *bounds], [to(1, 2, 2, 2)], {}),
        "MEAN": ([image, _integers(1, 2)], [to(1, 1, 1, 2)], {"KeepDims": 1}),
        "RESIZE_NEAREST_NEIGHBOR": ([image, _integers(8, 8)], [to(1, 8, 8, 2)], {}),
    }


def _filters(data: str, output: str) -> Parts:
    options = {"Rank": 1, "FusedActivationFunction": tflite.ActivationFunctionType.RELU}  # all that int8 has
    inside = "INT16" if data == "INT8" else data
    state = _tensor(inside, (1, 12))
    state.variable = True
    weights = [_constant(data, (4, 8)), _constant(inside, (4, 3)), _constant(_sum_of(data), (4,))]
    return (
        [_tensor(data, FLAT), *weights, state],
        [_tensor(output, (1, 4))],
        options,
    )


def _weighted(name: str, data: str, output: str, image: Tensor) -> Parts:
    weights = "INT8" if data == "INT16" else data
    if name == "FULLY_CONNECTED":
        constants = [_constant(weights, (3, 8)), _constant(_sum_of(data), (3,))]
        return [_tensor(data, FLAT), *constants], [_tensor(output, (1, 3))], {}
    options = {"StrideH": 1, "StrideW": 1, "DilationHFactor": 1, "DilationWFactor": 1}
    if name == "DEPTHWISE_CONV_2D":
        options["DepthMultiplier"] = 1
    constants = [_constant(weights, (1, 3, 3, 2) if "DepthMultiplier" in options else (2, 3, 3, 2))]
    return [image, *constants, _constant(_sum_of(data), (2,))], [_tensor(output, IMAGE)], options


def _sum_of(data: str) -> str:
    """The type of a bias."""
    return "FLOAT32" if data == "FLOAT32" else "INT64" if data == "INT16" else "INT32"


def _tensor(kind: str, shape: Sequence[int], scale: float = 0.05, zero_point: int = 0) -> Tensor:
    if kind not in QUANTISED:
        return Tensor(shape, getattr(tflite.TensorType, kind), scale=None)
    return Tensor(shape, getattr(tflite.TensorType, kind), scale=scale, zero_point=zero_point)


def _result(name: str, kind: str, shape: Sequence[int]) -> Tensor:
    scale, zero_point = _DEMANDED.get(name, (0.05, 0))
    if name == "SOFTMAX" and kind == "INT16":
        return _tensor(kind, shape, 1 / 65536, -32768)
    return _tensor(kind, shape, scale, zero_point + (128 if kind == "UINT8" and name in _DEMANDED else 0))


def _constant(kind: str, shape: Sequence[int], scale: float = 0.01) -> Tensor:
    tensor = _tensor(kind, shape, scale)
    tensor.data = bytes(SIZES[kind] * math.prod(shape))
    if kind == "INT32":
        tensor.scale = 0.0005  # a bias
    return tensor


def _integers(*values: int, shape: Sequence[int] | None = None) -> Tensor:
    content = np.array(values, np.int32).tobytes()
    return Tensor((len(values),) if shape is None else shape, tflite.TensorType.INT32, content, scale=None)
