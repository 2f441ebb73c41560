"""Random models of one operator each, for the operators that the lab adds to the crate.

A function draws what its operators can be asked for: shapes, options and quantisation, for a type of data and output.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import tflite
from numpy.typing import NDArray

from tests.building.tiny_model import Graph, Operator, Tensor

Shape = tuple[int, ...]
Parts = tuple[list[Tensor], list[Tensor], dict[str, float]]
"""Inputs, outputs and options."""

DTYPES: dict[str, type[np.generic]] = {
    "FLOAT32": np.float32,
    "INT8": np.int8,
    "UINT8": np.uint8,
    "INT16": np.int16,
    "INT32": np.int32,
    "INT64": np.int64,
    "BOOL": np.bool_,
}
QUANTISED = ("INT8", "UINT8", "INT16")


class Draw:
    """Tensors and numbers from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def between(self, least: int, most: int) -> int:
        return int(self.random.integers(least, most + 1))

    def one_of(self, *choices: int) -> int:
        return int(self.random.choice(choices))

    def real(self, least: float, most: float) -> float:
        return float(self.random.uniform(least, most))

    def shape(self, least: int = 1, most: int = 4, longest: int = 6) -> Shape:
        """A shape of so many dimensions."""
        return tuple(self.between(1, longest) for _ in range(self.between(least, most)))

    def tensor(self, kind: str, shape: Shape, *, scale: float | None = None, zero_point: int | None = None) -> Tensor:
        """Quantised at random unless it is said how; int16 always around zero."""
        code = getattr(tflite.TensorType, kind)
        if kind not in QUANTISED:
            return Tensor(shape, code, scale=None)
        info = np.iinfo(DTYPES[kind])
        drawn = 0 if kind == "INT16" else self.one_of(info.min, info.max, self.between(info.min, info.max))
        spread = 1 / 300 if kind == "INT16" else 1.0
        return Tensor(
            shape,
            code,
            scale=self.real(0.004, 0.1) * spread if scale is None else scale,
            zero_point=drawn if zero_point is None else zero_point,
        )

    def like(self, tensor: Tensor, shape: Shape) -> Tensor:
        """Of the same type and quantisation."""
        return Tensor(shape, tensor.type, scale=tensor.scale, zero_point=tensor.zero_point)

    def values(self, kind: str, shape: Shape) -> NDArray[np.generic]:
        """For a tensor of that type: all that it can hold, of floats and wide integers what networks compute with."""
        if kind == "FLOAT32":
            return self.random.normal(0, 3, shape).astype(np.float32)
        if kind == "BOOL":
            return self.random.integers(0, 2, shape).astype(np.bool_)
        if kind in ("INT32", "INT64"):
            return self.random.integers(-1000, 1000, shape).astype(DTYPES[kind])
        info = np.iinfo(DTYPES[kind])
        return self.random.integers(info.min, info.max + 1, shape).astype(DTYPES[kind])

    def values_of(self, tensor: Tensor) -> NDArray[np.generic]:
        """Values for the tensor."""
        kind = next(kind for kind in DTYPES if getattr(tflite.TensorType, kind) == tensor.type)
        return self.values(kind, tuple(tensor.shape))

    def filled(self, tensor: Tensor) -> Tensor:
        """With values, a part of the model."""
        tensor.data = self.values_of(tensor).tobytes()
        return tensor


def integers(*values: int, shape: Shape | None = None) -> Tensor:
    """A constant of int32, of one dimension unless `shape` is given."""
    content = np.array(values, np.int32).tobytes()
    return Tensor((len(values),) if shape is None else shape, tflite.TensorType.INT32, content, scale=None)


Drawer = Callable[[Draw, str, str, str], Parts]
DRAWERS: dict[str, Drawer] = {}


def model(name: str, data: str, output: str, draw: Draw, version: int) -> Graph:
    """An operator of that name from `data` to `output`, types as TFLite calls them."""
    inputs, outputs, options = DRAWERS[name](draw, name, data, output)
    tensors = [*inputs, *outputs]
    given = [index for index, tensor in enumerate(inputs) if not tensor.data and not tensor.variable]
    made = list(range(len(inputs), len(tensors)))
    operator = Operator(getattr(tflite.BuiltinOperator, name), list(range(len(inputs))), made, version, options)
    return Graph(tensors, [operator], given, made)


def _draws(*names: str) -> Callable[[Drawer], Drawer]:
    def keep(drawer: Drawer) -> Drawer:
        DRAWERS.update(dict.fromkeys(names, drawer))
        return drawer

    return keep


@_draws("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN")
def _reduction(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    count = draw.between(1, len(shape))
    axes = [int(axis) for axis in draw.random.choice(len(shape), count, replace=False)]
    keep = draw.one_of(0, 1)
    kept = tuple(1 if axis in axes else extent for axis, extent in enumerate(shape) if keep or axis not in axes)
    values = draw.tensor(data, shape)
    signed = integers(*(axis - draw.one_of(0, len(shape)) for axis in axes))
    same = name.startswith("REDUCE")
    return [values, signed], [draw.like(values, kept) if same else draw.tensor(output, kept)], {"KeepDims": keep}


@_draws("LEAKY_RELU")
def _leaky_relu(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    alpha = draw.real(0, 0.5) * draw.one_of(1, 1, 1, -1)
    return [draw.tensor(data, shape)], [draw.tensor(output, shape)], {"Alpha": alpha}


@_draws("SHAPE")
def _shape(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    return [draw.tensor(data, shape)], [draw.tensor(output, (len(shape),))], {"OutType": tflite.TensorType.INT32}


@_draws("STRIDED_SLICE")
def _strided_slice(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    begin = [draw.between(0, extent - 1) for extent in shape]
    end = [draw.between(first + 1, extent) for first, extent in zip(begin, shape, strict=True)]
    stride = [draw.between(1, 2) for _ in shape]
    shrunk = draw.one_of(0, 0, 1)
    kept = [
        -(-(last - first) // step)
        for axis, (first, last, step) in enumerate(zip(begin, end, stride, strict=True))
        if axis or not shrunk
    ]
    values = draw.tensor(data, shape)
    bounds = [integers(*numbers) for numbers in (begin, end, stride)]
    return [values, *bounds], [draw.like(values, tuple(kept))], {"ShrinkAxisMask": shrunk}


@_draws("ADD", "SUB", "MUL", "DIV", "MAXIMUM", "MINIMUM", "SQUARED_DIFFERENCE")
def _pair(draw: Draw, name: str, data: str, output: str) -> Parts:
    """One of the two is broadcast now and then."""
    shape = draw.shape()
    other = draw.one_of(0, 0, 1, 2)
    narrow = shape if not other else shape[1:] if other == 1 else tuple(draw.one_of(1, extent) for extent in shape)
    first, second = draw.tensor(data, shape), draw.tensor(data, narrow)
    if name in ("MAXIMUM", "MINIMUM"):
        return [first, draw.like(first, narrow)], [draw.like(first, shape)], {}
    widest = max(float(np.max(tensor.scale or 1)) for tensor in (first, second))
    scales = {"MUL": widest / 4, "SQUARED_DIFFERENCE": widest / 2}
    made = draw.tensor(output, shape, scale=scales.get(name, widest) * draw.between(1, 4))
    fused = 0 if data == "INT32" else draw.between(0, 3)
    activation = {} if name == "SQUARED_DIFFERENCE" else {"FusedActivationFunction": fused}
    return [first, second], [made], activation


@_draws("RELU", "RELU6")
def _bounded(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    values = draw.tensor(data, shape)
    return [values], [draw.like(values, shape) if name == "RELU6" else draw.tensor(output, shape)], {}


@_draws("QUANTIZE")
def _quantize(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    tensors = []
    for kind in (data, output):
        tensors.append(draw.tensor(kind, shape))
        if kind == "INT32":
            tensors[-1].scale = draw.real(0.0001, 0.001)
    return tensors[:1], tensors[1:], {}


@_draws("PAD", "PADV2")
def _pad(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    around = [(draw.between(0, 3), draw.between(0, 3)) for _ in shape]
    padded = tuple(before + extent + after for extent, (before, after) in zip(shape, around, strict=True))
    values = draw.tensor(data, shape)
    padding = integers(*(number for pair in around for number in pair), shape=(len(shape), 2))
    filler = [draw.filled(draw.like(values, ()))] if name == "PADV2" else []
    return [values, padding, *filler], [draw.like(values, padded)], {}
