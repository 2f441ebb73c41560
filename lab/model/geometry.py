"""Shapes of the operators that multiply weights or slide a window: whether they fit together, and their work.

TFLM trusts a model's shapes: a stride of zero or a wrong output size would end in a division by zero or in memory
that is not the tensor's. Formulas are those of TensorFlow's padding "SAME" and "VALID".
"""

from __future__ import annotations

from typing import Any

import tflite

from lab.model.flatbuffer import Malformed
from lab.model.model import Tensor

WEIGHTED = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
_POOLS = ("AVERAGE_POOL_2D", "MAX_POOL_2D")
_OPTIONS = {
    "CONV_2D": tflite.Conv2DOptions,
    "DEPTHWISE_CONV_2D": tflite.DepthwiseConv2DOptions,
    "AVERAGE_POOL_2D": tflite.Pool2DOptions,
    "MAX_POOL_2D": tflite.Pool2DOptions,
}
_SAME = 0


def check(name: str, operator: Any, inputs: list[Tensor | None], outputs: list[Tensor]) -> int:
    """Multiply-accumulates of the operator. Raises Malformed if its shapes or options contradict each other."""
    if name not in WEIGHTED + _POOLS:
        return 0
    needed = 2 if name in WEIGHTED else 1
    if len(inputs) < needed or len(outputs) != 1 or None in inputs[:needed]:
        raise Malformed(f"{name} has {len(inputs)} inputs and {len(outputs)} outputs")
    data, output = inputs[0], outputs[0]
    assert data is not None  # noqa: S101 - said by the check above
    if name == "FULLY_CONNECTED":
        return _fully_connected(data, inputs, output)
    return _sliding(name, operator, data, inputs, output)


def _fully_connected(data: Tensor, inputs: list[Tensor | None], output: Tensor) -> int:
    weights = _rank(inputs[1], 2, "FULLY_CONNECTED")
    units, width = weights.shape
    if data.elements % width or output.elements != data.elements // width * units:
        raise Malformed(f"FULLY_CONNECTED of {data} with weights {weights} does not give {output}")
    _check_bias("FULLY_CONNECTED", inputs, units)
    return output.elements * width


def _sliding(name: str, operator: Any, data: Tensor, inputs: list[Tensor | None], output: Tensor) -> int:
    options = _options(name, operator)
    batch, height, width, channels = _rank(data, 4, name).shape
    _rank(output, 4, name)
    if name in _POOLS:
        window, out_channels, macs = (options.FilterHeight(), options.FilterWidth()), channels, 0
    else:
        weights = _rank(inputs[1], 4, name)
        window = (weights.shape[1], weights.shape[2])
        depthwise = name == "DEPTHWISE_CONV_2D"
        out_channels = weights.shape[3] if depthwise else weights.shape[0]
        if depthwise:
            fits = weights.shape[0] == 1 and out_channels == channels * options.DepthMultiplier()
        else:
            fits = weights.shape[3] == channels
        if not fits:
            raise Malformed(f"{name} of {data} does not fit its weights {weights}")
        macs = output.elements * window[0] * window[1] * (1 if depthwise else channels)
        _check_bias(name, inputs, out_channels)
        dilation = (options.DilationHFactor(), options.DilationWFactor())
        if min(dilation) < 1:
            raise Malformed(f"{name} has dilation {dilation}")
        window = ((window[0] - 1) * dilation[0] + 1, (window[1] - 1) * dilation[1] + 1)
    strides = (options.StrideH(), options.StrideW())
    if min(strides) < 1 or min(window) < 1:
        raise Malformed(f"{name} has window {window} and strides {strides}")
    rows, columns = (
        -(-extent // stride) if options.Padding() == _SAME else (extent - size) // stride + 1
        for extent, size, stride in zip((height, width), window, strides, strict=True)
    )
    if output.shape != (batch, rows, columns, out_channels):
        raise Malformed(f"{name} of {data} does not give {output}")
    return macs


def _options(name: str, operator: Any) -> Any:
    kind = _OPTIONS[name]
    table = operator.BuiltinOptions()
    if table is None or operator.BuiltinOptionsType() != getattr(tflite.BuiltinOptions, kind.__name__):
        raise Malformed(f"{name} lacks its options")
    options = kind()
    options.Init(table.Bytes, table.Pos)
    return options


def _rank(tensor: Tensor | None, rank: int, name: str) -> Tensor:
    if tensor is None or len(tensor.shape) != rank:
        raise Malformed(f"{name} needs a tensor of {rank} dimensions and has {tensor}")
    return tensor


def _check_bias(name: str, inputs: list[Tensor | None], units: int) -> None:
    bias = inputs[2] if len(inputs) > 2 else None
    if bias is not None and bias.elements != units:
        raise Malformed(f"{name} has {bias.elements} biases for {units} outputs")
