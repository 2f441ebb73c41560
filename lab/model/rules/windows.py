"""Operators that slide a window over an image of [batch, rows, columns, channels], or resize it.

Formulas are those of TensorFlow's padding "SAME" and "VALID".
"""

from __future__ import annotations

from lab.model.model import Tensor
from lab.model.rules.node import Node, Rule

_SAME = 0


def _convolution(node: Node) -> int:
    data, weights = _image(node, node.input(0)), _image(node, node.input(1))
    channels, (units, *window, depth) = data.shape[3], weights.shape
    if channels % depth or units % (channels // depth):  # fewer than all channels: in groups
        node.refuse(f"weights of {depth} channels for an input of {channels}")
    _slid(node, data, (window[0], window[1]), units, dilated=True)
    node.check_bias(2, units)
    return node.output.elements * window[0] * window[1] * depth


def _depthwise(node: Node) -> int:
    data, weights = _image(node, node.input(0)), _image(node, node.input(1))
    multiplier, (one, *window, units) = node.option("DepthMultiplier"), weights.shape
    if one != 1 or units != data.shape[3] * multiplier:
        node.refuse(f"weights for {units} channels, its input times {multiplier} has {data.shape[3] * multiplier}")
    _slid(node, data, (window[0], window[1]), units, dilated=True)
    node.check_bias(2, units)
    return node.output.elements * window[0] * window[1]


def _pool(node: Node) -> None:
    data = _image(node, node.input(0))
    node.same_type(data, node.output)
    _slid(node, data, (node.option("FilterHeight"), node.option("FilterWidth")), data.shape[3])


def _slid(node: Node, data: Tensor, window: tuple[int, int], channels: int, *, dilated: bool = False) -> None:
    if node.options() is None:
        node.refuse("it lacks its options")
    strides = (node.option("StrideH"), node.option("StrideW"))
    dilation = (node.option("DilationHFactor"), node.option("DilationWFactor")) if dilated else (1, 1)
    if min(strides) < 1 or min(window) < 1 or min(dilation) < 1:
        node.refuse(f"its window is {window}, its strides {strides}, its dilation {dilation}")
    reach = tuple((size - 1) * apart + 1 for size, apart in zip(window, dilation, strict=True))
    rows, columns = (
        -(-extent // stride) if node.option("Padding") == _SAME else (extent - size) // stride + 1
        for extent, size, stride in zip(data.shape[1:3], reach, strides, strict=True)
    )
    node.gives_exactly((data.shape[0], rows, columns, channels))


def _transposed(node: Node) -> None:
    """The kernel drops what falls outside of the output, so its rows and columns are free."""
    weights, data = _image(node, node.input(1)), _image(node, node.input(2))
    output = _image(node, node.output)
    if node.options() is None or min(node.option("StrideH"), node.option("StrideW")) < 1:
        node.refuse("it has no strides")
    if weights.shape[3] != data.shape[3]:
        node.refuse(f"weights of {weights.shape[3]} channels for an input of {data.shape[3]}")
    expected = node.integers(0) or (data.shape[0], *output.shape[1:3], weights.shape[0])
    if expected[-1] != weights.shape[0] or expected[0] != data.shape[0]:
        node.refuse(f"{list(expected)} is no output of its weights")
    node.gives_exactly(expected)
    node.check_bias(3, weights.shape[0])


def _resize(node: Node) -> None:
    data, size = _image(node, node.input(0)), node.integers(1)
    node.same_type(data, node.output)
    if node.input(1).elements != 2:
        node.refuse("its size is not one of rows and columns")
    rows, columns = size or _image(node, node.output).shape[1:3]
    node.gives_exactly((data.shape[0], rows, columns, data.shape[3]))


def _image(node: Node, tensor: Tensor) -> Tensor:
    if len(tensor.shape) != 4:
        node.refuse(f"{tensor} has not 4 dimensions")
    return tensor


_POOL = Rule(_pool, 1, 1, options="Pool2DOptions")
RULES = {
    "CONV_2D": Rule(_convolution, 2, 3, options="Conv2DOptions"),
    "DEPTHWISE_CONV_2D": Rule(_depthwise, 2, 3, options="DepthwiseConv2DOptions"),
    "AVERAGE_POOL_2D": _POOL,
    "MAX_POOL_2D": _POOL,
    "L2_POOL_2D": _POOL,
    "TRANSPOSE_CONV": Rule(_transposed, 3, 4, options="TransposeConvOptions"),
    "RESIZE_BILINEAR": Rule(_resize, 2, 2),
    "RESIZE_NEAREST_NEIGHBOR": Rule(_resize, 2, 2),
}
