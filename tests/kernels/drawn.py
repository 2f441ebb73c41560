"""Random models of one operator each, for the operators that the lab adds to the crate.

A function draws what its operators can be asked for: shapes, options and quantisation, for a type of data and output.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import tflite
from numpy.typing import NDArray

from tests.building.tiny_model import Graph, Operator, Tensor

Shape = tuple[int, ...]
Parts = tuple[list[Tensor | None], list[Tensor], dict[str, float]]
"""Inputs, None for one that is left out, outputs and options."""

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

    def weights(
        self, given: Tensor, made: Tensor, shape: Shape, channel_dimension: int, products: int
    ) -> tuple[Tensor, list[Tensor]]:
        """Constant weights for data `given`, and a bias or none; `made` gets a scale that its values are spread over.

        Weights of integers have one scale or one for each channel; the sums are of so many products.
        """
        channels = shape[channel_dimension]
        if given.type == tflite.TensorType.FLOAT32:
            bias = [self.filled(self.tensor("FLOAT32", (channels,)))] if self.one_of(0, 1) else []
            return self.filled(self.tensor("FLOAT32", shape)), bias
        small = given.type == tflite.TensorType.UINT8
        several = not small and self.one_of(0, 1)
        scales = [self.real(0.001, 0.02) for _ in range(channels if several else 1)]
        scale = np.array(scales) if len(scales) > 1 else scales[0]
        kind, zero_point = (tflite.TensorType.UINT8, self.between(100, 150)) if small else (tflite.TensorType.INT8, 0)
        weights = Tensor(shape, kind, scale=scale, zero_point=zero_point, channel_dimension=channel_dimension)
        drawn = self.random.integers(-100 if small else -127, 101 if small else 128, shape) + zero_point
        weights.data = drawn.astype(np.uint8 if small else np.int8).tobytes()
        wide = given.type == tflite.TensorType.INT16
        of_input = float(np.max(given.scale or 1))
        spread = math.hypot(19000 if wide else 74, given.zero_point) * 73 * math.sqrt(products)
        made.scale = of_input * float(np.mean(scales)) * spread / (15000 if wide else 60) * self.real(0.7, 1.5)
        if not small and not self.one_of(0, 1, 1):
            return weights, []
        sums = self.random.integers(-int(spread), int(spread) + 1, channels)
        data = sums.astype(np.int64 if wide else np.int32).tobytes()
        kind = tflite.TensorType.INT64 if wide else tflite.TensorType.INT32
        return weights, [Tensor((channels,), kind, data, of_input * scale, channel_dimension=0)]

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
    taken = [tensor for tensor in inputs if tensor is not None]
    places = iter(range(len(taken)))
    numbers = [-1 if tensor is None else next(places) for tensor in inputs]
    given = [index for index, tensor in enumerate(taken) if not tensor.data and not tensor.variable]
    made = list(range(len(taken), len(taken) + len(outputs)))
    operator = Operator(getattr(tflite.BuiltinOperator, name), numbers, made, version, options)
    return Graph([*taken, *outputs], [operator], given, made)


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


@_draws("ABS", "RSQRT")
def _unary(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    least = -128 if name == "RSQRT" and data == "INT8" else None  # of what is negative there is no root
    return [draw.tensor(data, shape, zero_point=least)], [draw.tensor(output, shape)], {}


@_draws("ADD_N")
def _sum_of_several(draw: Draw, name: str, data: str, output: str) -> Parts:
    first = draw.tensor(data, draw.shape())
    inputs = [first, *(draw.like(first, first.shape) for _ in range(draw.between(1, 3)))]
    return [*inputs], [draw.tensor(output, first.shape, scale=float(np.max(first.scale or 1)) * len(inputs))], {}


@_draws("CUMSUM")
def _running_sum(draw: Draw, name: str, data: str, output: str) -> Parts:
    values = draw.tensor(data, draw.shape())
    axis = draw.between(-len(values.shape), len(values.shape) - 1)
    made = draw.tensor(output, values.shape, scale=float(np.max(values.scale or 1)) * draw.real(1, 4))
    return [values, integers(axis, shape=())], [made], {"Exclusive": draw.one_of(0, 1), "Reverse": draw.one_of(0, 1)}


@_draws("TILE")
def _tile(draw: Draw, name: str, data: str, output: str) -> Parts:
    values = draw.tensor(data, draw.shape(longest=4))
    times = [draw.between(1, 3) for _ in values.shape]
    tiled = tuple(extent * many for extent, many in zip(values.shape, times, strict=True))
    return [values, integers(*times)], [draw.like(values, tiled)], {}


@_draws("BROADCAST_TO")
def _broadcast(draw: Draw, name: str, data: str, output: str) -> Parts:
    whole = draw.shape()
    narrow = tuple(draw.one_of(1, extent) for extent in whole[draw.between(0, len(whole) - 1) :])
    values = draw.tensor(data, narrow)
    return [values, integers(*whole)], [draw.like(values, whole)], {}


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


@_draws("TRANSPOSE")
def _transpose(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    order = [int(axis) for axis in draw.random.permutation(len(shape))]
    values = draw.tensor(data, shape)
    return [values, integers(*order)], [draw.like(values, tuple(shape[axis] for axis in order))], {}


@_draws("SLICE")
def _slice(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    begin = [draw.between(0, extent - 1) for extent in shape]
    size = [draw.between(1, extent - first) for extent, first in zip(shape, begin, strict=True)]
    values = draw.tensor(data, shape)
    return [values, integers(*begin), integers(*size)], [draw.like(values, tuple(size))], {}


@_draws("EXPAND_DIMS")
def _expand_dims(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape(1, 3)
    axis = draw.between(0, len(shape))
    values = draw.tensor(data, shape)
    return [values, integers(axis)], [draw.like(values, (*shape[:axis], 1, *shape[axis:]))], {}


@_draws("SQUEEZE")
def _squeeze(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape(1, 3)
    values = draw.tensor(data, (1, *shape))
    return [values], [draw.like(values, tuple(extent for extent in shape if extent > 1))], {}


@_draws("SPACE_TO_DEPTH", "DEPTH_TO_SPACE")
def _blocks(draw: Draw, name: str, data: str, output: str) -> Parts:
    block, (height, width, depth) = draw.between(2, 3), draw.shape(3, 3, 4)
    wide = draw.tensor(data, (1, height * block, width * block, depth))
    deep = draw.like(wide, (1, height, width, depth * block * block))
    given, made = (wide, deep) if name == "SPACE_TO_DEPTH" else (deep, wide)
    return [given], [made], {"BlockSize": block}


@_draws("SPACE_TO_BATCH_ND", "BATCH_TO_SPACE_ND")
def _images(draw: Draw, name: str, data: str, output: str) -> Parts:
    batch, depth = draw.between(1, 2), draw.between(1, 4)
    counted = draw.one_of(1, 2, 2)  # of the dimensions between
    blocks = [draw.between(1, 3) for _ in range(counted)]
    whole = [block * draw.between(1, 4) for block in blocks]
    before = [draw.between(0, min(2, extent - 1)) for extent in whole]
    after = [draw.between(0, min(2, extent - 1 - first)) for extent, first in zip(whole, before, strict=True)]
    image = tuple(extent - first - last for extent, first, last in zip(whole, before, after, strict=True))
    small = tuple(extent // block for extent, block in zip(whole, blocks, strict=True))
    one = draw.tensor(data, (batch, *image, depth))
    many = draw.like(one, (batch * int(np.prod(blocks)), *small, depth))
    border = [number for pair in zip(before, after, strict=True) for number in pair]
    given, made = (one, many) if name == "SPACE_TO_BATCH_ND" else (many, one)
    return [given, integers(*blocks), integers(*border, shape=(counted, 2))], [made], {}


@_draws("ARG_MAX", "ARG_MIN")
def _place_of_extreme(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape(2, 4)
    axis = draw.between(0, len(shape) - 1)
    signed = integers(axis - draw.one_of(0, len(shape)), shape=())
    made = draw.tensor(output, (*shape[:axis], *shape[axis + 1 :]))
    return [draw.tensor(data, shape), signed], [made], {"OutputType": made.type}


@_draws("REVERSE_V2")
def _reverse(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    values = draw.tensor(data, shape)
    return [values, integers(draw.between(0, len(shape) - 1))], [draw.like(values, shape)], {}


@_draws("GATHER")
def _gather(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape(1, 3)
    axis = draw.between(0, len(shape) - 1)
    chosen = draw.shape(1, 1)
    indices = integers(*(draw.between(0, shape[axis] - 1) for _ in range(chosen[0])))
    values = draw.tensor(data, shape)
    return [values, indices], [draw.like(values, (*shape[:axis], *chosen, *shape[axis + 1 :]))], {"Axis": axis}


@_draws("FILL")
def _fill(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    value = draw.tensor(data, ())
    return [integers(*shape), value], [draw.like(value, shape)], {}


@_draws("ZEROS_LIKE")
def _zeros(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    values = draw.tensor(data, shape, zero_point=0)
    return [values], [draw.like(values, shape)], {}


@_draws("MIRROR_PAD")
def _mirror_pad(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = tuple(extent + 1 for extent in draw.shape(longest=2))
    around = [(draw.between(0, extent - 1), draw.between(0, extent - 1)) for extent in shape]
    values = draw.tensor(data, shape)
    padded = tuple(first + extent + last for extent, (first, last) in zip(shape, around, strict=True))
    padding = integers(*(number for pair in around for number in pair), shape=(len(shape), 2))
    return [values, padding], [draw.like(values, padded)], {"Mode": draw.one_of(0, 1)}


@_draws("SELECT_V2")
def _select(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    narrow = tuple(draw.one_of(1, extent) for extent in shape)
    one = draw.tensor(data, shape)
    condition = draw.tensor("BOOL", narrow if draw.one_of(0, 1) else shape)
    return [condition, one, draw.like(one, shape)], [draw.like(one, shape)], {}


@_draws("SPLIT_V")
def _split_v(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    axis = draw.between(0, len(shape) - 1)
    sizes = [draw.between(1, 3) for _ in range(draw.between(1, 3))]
    parts = [(*shape[:axis], size, *shape[axis + 1 :]) for size in sizes]
    values = draw.tensor(data, (*shape[:axis], sum(sizes), *shape[axis + 1 :]))
    inputs = [values, integers(*sizes), integers(axis, shape=())]
    return inputs, [draw.like(values, part) for part in parts], {"NumSplits": len(sizes)}


@_draws("CAST")
def _cast(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    return [draw.tensor(data, shape)], [draw.tensor(output, shape)], {}


# Scale and zero point that an operator demands of its output.
_HALVES, _WHOLES = {"INT8": (1 / 128, 0), "INT16": (1 / 32768, 0)}, {"INT8": (1 / 256, -128), "INT16": (1 / 32768, 0)}
_DEMANDED: dict[str, dict[str, tuple[float, int]]] = {
    "LOGISTIC": _WHOLES,
    "SOFTMAX": {**_WHOLES, "UINT8": (1 / 256, 0)},
    "TANH": _HALVES,
    "L2_NORMALIZATION": {**_HALVES, "UINT8": (1 / 128, 128)},
}


@_draws("L2_NORMALIZATION", "LOGISTIC", "SOFTMAX", "TANH")
def _squashed(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    scale, zero_point = _DEMANDED[name].get(output, (None, None))
    if (data, output) == ("INT8", "INT16"):
        scale, zero_point = 1 / 65536, -32768
    values, made = draw.tensor(data, shape), draw.tensor(output, shape, scale=scale, zero_point=zero_point)
    return [values], [made], {"Beta": draw.real(0.5, 2)} if name == "SOFTMAX" else {}


@_draws("DEQUANTIZE")
def _dequantize(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    return [draw.tensor(data, shape)], [draw.tensor(output, shape)], {}


@_draws("AVERAGE_POOL_2D", "MAX_POOL_2D")
def _pool(draw: Draw, name: str, data: str, output: str) -> Parts:
    batch, height, width, depth = draw.shape(4, 4)
    taps, strides, same = draw.shape(2, 2, 3), draw.shape(2, 2, 3), draw.one_of(0, 1)
    values = draw.tensor(data, (batch, max(height, taps[0]), max(width, taps[1]), depth))
    extents = [
        -(-(extent if same else extent - tap + 1) // stride)
        for extent, tap, stride in zip(values.shape[1:3], taps, strides, strict=True)
    ]
    options = {"FilterHeight": taps[0], "FilterWidth": taps[1], "StrideH": strides[0], "StrideW": strides[1]}
    fused = {"Padding": 0 if same else 1, "FusedActivationFunction": draw.between(0, 3)}
    return [values], [draw.like(values, (batch, *extents, depth))], options | fused


@_draws("CONCATENATION")
def _concatenation(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    axis = draw.between(0, len(shape) - 1)
    sizes = draw.shape(1, 5, 3)
    parts = [(*shape[:axis], size, *shape[axis + 1 :]) for size in sizes]
    first = draw.tensor(data, parts[0])
    whole = draw.like(first, (*shape[:axis], sum(sizes), *shape[axis + 1 :]))
    return [first, *(draw.like(first, part) for part in parts[1:])], [whole], {"Axis": axis}


@_draws("EXP", "ELU", "GELU", "HARD_SWISH", "LOG_SOFTMAX")
def _curve(draw: Draw, name: str, data: str, output: str) -> Parts:
    shape = draw.shape()
    values = draw.tensor(data, shape)
    if name != "HARD_SWISH" or data != "INT8":
        return [values], [draw.tensor(output, shape)], {"Approximate": draw.one_of(0, 1)} if name == "GELU" else {}
    coarser = float(np.max(values.scale or 1)) * draw.real(0.5, 3)  # than 1/128 of the input, which TFLM demands
    return [values], [draw.tensor(output, shape, scale=coarser)], {}


@_draws("RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR")
def _resize(draw: Draw, name: str, data: str, output: str) -> Parts:
    batch, height, width, depth = draw.shape(4, 4)
    made = [draw.between(1, 13), draw.between(1, 13)]
    values = draw.tensor(data, (batch, height, width, depth))
    how = draw.between(0, 2)
    options = {"AlignCorners": how == 1, "HalfPixelCenters": how == 2}
    return [values, integers(*made)], [draw.like(values, (batch, *made, depth))], options


@_draws("BATCH_MATMUL")
def _product(draw: Draw, name: str, data: str, output: str) -> Parts:
    rows, depth, columns = draw.shape(3, 3)
    batches = draw.shape(1, 2, 3)
    swaps = draw.one_of(0, 1), draw.one_of(0, 1)
    left, right = (depth, rows) if swaps[0] else (rows, depth), (columns, depth) if swaps[1] else (depth, columns)
    shared = batches if draw.one_of(0, 1) else tuple(1 for _ in batches)
    one, other = draw.tensor(data, (*batches, *left)), draw.tensor(data, (*shared, *right))
    spread = 300 if data == "INT16" else 100
    scale = float(np.max(one.scale or 1)) * float(np.max(other.scale or 1)) * spread * draw.between(1, 3)
    made = draw.tensor(output, (*batches, rows, columns), scale=scale)
    return [one, other], [made], {"AdjX": swaps[0], "AdjY": swaps[1]}


@_draws("TRANSPOSE_CONV")
def _transposed_convolution(draw: Draw, name: str, data: str, output: str) -> Parts:
    batch, height, width, depth = draw.between(1, 2), *draw.shape(3, 3, 4)
    taps, strides = draw.shape(2, 2, 4), draw.shape(2, 2, 3)
    channels, same = draw.between(1, 4), draw.one_of(0, 1)
    extents = [
        extent * stride if same else (extent - 1) * stride + max(tap, stride)
        for extent, stride, tap in zip((height, width), strides, taps, strict=True)
    ]
    values = draw.tensor(data, (batch, height, width, depth))
    made = draw.tensor(output, (batch, *extents, channels))
    weights, bias = draw.weights(values, made, (channels, *taps, depth), 0, int(np.prod(taps)) * depth)
    options = {"Padding": 0 if same else 1, "StrideH": strides[0], "StrideW": strides[1]}
    return [integers(batch, *extents, channels), weights, values, *bias], [made], options


@_draws("FULLY_CONNECTED")
def _dense(draw: Draw, name: str, data: str, output: str) -> Parts:
    rows, depth, channels = draw.one_of(1, 1, 3), draw.between(1, 60), draw.between(1, 9)
    kept = (draw.between(1, 3), rows) if draw.one_of(0, 0, 1) else (rows,)
    values, made = draw.tensor(data, (*kept, depth)), draw.tensor(output, (*kept, channels))
    weights, bias = draw.weights(values, made, (channels, depth), 0, depth)
    options = {"FusedActivationFunction": draw.between(0, 3), "KeepNumDims": len(kept) > 1}
    return [values, weights, *bias], [made], options


@_draws("CONV_2D", "DEPTHWISE_CONV_2D")
def _convolution(draw: Draw, name: str, data: str, output: str) -> Parts:
    batch, height, width, depth = draw.one_of(1, 1, 2), *draw.shape(3, 3, 7)
    taps, strides = draw.shape(2, 2, 3), draw.shape(2, 2, 2)
    multiplier = draw.between(1, 2)
    deep = name == "DEPTHWISE_CONV_2D"
    channels = depth * multiplier if deep else draw.between(1, 5)
    values = draw.tensor(data, (batch, height, width, depth))
    extents = tuple(-(-extent // stride) for extent, stride in zip((height, width), strides, strict=True))
    made = draw.tensor(output, (batch, *extents, channels))
    shape = (1, *taps, channels) if deep else (channels, *taps, depth)
    products = math.prod(taps) * (1 if deep else depth)
    weights, bias = draw.weights(values, made, shape, 3 if deep else 0, products)
    options: dict[str, float] = {"StrideH": strides[0], "StrideW": strides[1], "DilationHFactor": 1}
    options |= {"DilationWFactor": draw.between(1, 2), "FusedActivationFunction": draw.between(0, 3)}
    return [values, weights, *bias], [made], options | ({"DepthMultiplier": multiplier} if deep else {})


@_draws("SVDF")
def _filters(draw: Draw, name: str, data: str, output: str) -> Parts:
    batch, units, rank, memory, width = draw.between(1, 2), draw.between(1, 4), draw.between(1, 3), *draw.shape(2, 2)
    filters = units * rank
    if data != "INT8":
        shapes = ((batch, width), (filters, width), (filters, memory), (units,), (batch, filters * memory))
        given, *weights, state = (draw.tensor(data, shape) for shape in shapes)
        made = draw.tensor(output, (batch, units))
    else:
        given, made = draw.tensor(data, (batch, width)), draw.tensor(output, (batch, units))
        features = draw.tensor("INT8", (filters, width), zero_point=0)
        kept, steps = ("INT16", 256) if draw.one_of(0, 1) else ("INT8", 1)  # of what is remembered
        times = draw.tensor(kept, (filters, memory), scale=draw.real(0.5, 1) / (128 * steps), zero_point=0)
        state = draw.tensor(kept, (batch, filters * memory), scale=draw.real(0.5, 1) / steps)
        bias = Tensor(
            (units,), tflite.TensorType.INT32, scale=float(np.max(times.scale or 1)) * float(np.max(state.scale or 1))
        )
        weights = [features, times, bias]
    state.variable = True
    constants = [draw.filled(tensor) for tensor in weights]
    fused = draw.one_of(0, 1)
    return [given, *constants, state], [made], {"Rank": rank, "FusedActivationFunction": fused}


@_draws("UNIDIRECTIONAL_SEQUENCE_LSTM")
def _recurrent(draw: Draw, name: str, data: str, output: str) -> Parts:
    """As Keras converts it: no peepholes, projection or normalisation."""
    batch, steps, width, units = draw.shape(4, 4)
    time_first = draw.one_of(0, 1)
    rows = (steps, batch) if time_first else (batch, steps)
    is_float = data == "FLOAT32"
    values, made = draw.tensor(data, (*rows, width)), draw.tensor(output, (*rows, units))

    def weights(columns: int) -> list[Tensor]:
        if is_float:
            return [draw.filled(draw.tensor("FLOAT32", (units, columns))) for _ in range(4)]
        scales = [draw.real(0.002, 0.02) for _ in range(4)]
        kept = [Tensor((units, columns), tflite.TensorType.INT8, scale=scale) for scale in scales]
        return [draw.filled(tensor) for tensor in kept]

    sums = "FLOAT32" if is_float else "INT64" if data == "INT16" else "INT32"
    biases: list[Tensor | None] = [draw.filled(draw.tensor(sums, (units,))) for _ in range(4)]
    hidden = draw.like(made, (batch, units))
    cell = draw.tensor("FLOAT32" if is_float else "INT16", (batch, units), scale=2.0 ** -draw.between(9, 15))
    hidden.variable = cell.variable = True
    inputs = [values, *weights(width), *weights(units), *_LEFT_OUT[:3], *biases, *_LEFT_OUT[:2], hidden, cell]
    clip = draw.one_of(0, 0, 1) * draw.real(0.1, 2)
    options = {"FusedActivationFunction": tflite.ActivationFunctionType.TANH, "TimeMajor": time_first, "CellClip": clip}
    return [*inputs, *_LEFT_OUT], [made], options


_LEFT_OUT: list[Tensor | None] = [None] * 4
