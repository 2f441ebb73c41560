"""States as a .tflite file: one 1 x 1 convolution in int8, from features to the departures from every state.

It is written outright, without a converter: each scale is known. The layout is that of TensorFlow's schema.fbs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import flatbuffers
import numpy as np
import tflite
from numpy.typing import NDArray

from lab.features import Features
from lab.training.states.fitting import State

_SCHEMA = 3
_VERSION = 3
"""Of CONV_2D, the first with a scale for each output channel in int8."""
_LARGEST = 127


@dataclass(frozen=True)
class _Tensor:
    """`scales` are empty where nothing reads them."""

    name: str
    shape: tuple[int, ...]
    type: int
    buffer: int
    scales: NDArray[np.float32]
    zero_points: NDArray[np.int64]


def written(states: Sequence[State], features: Features, output_scale: float) -> bytes:
    """The file's content: input [1, 1, 1, features], output [1, 1, 1, states x directions] of that scale."""
    weights = np.concatenate([state.whitening for state in states]) / features.scale
    means = np.concatenate([np.repeat(state.mean[np.newaxis], len(state.whitening), axis=0) for state in states])
    scales = np.abs(weights).max(axis=1) / _LARGEST
    rounded = np.clip(np.rint(weights / scales[:, np.newaxis]), -_LARGEST, _LARGEST).astype(np.int8)
    # By the rounded weights, so that the mean of a state has no departure from it.
    bias = np.rint(-(rounded * (means - features.zero_point)).sum(axis=1)).astype(np.int32)
    outputs, inputs = rounded.shape
    int8, int32 = tflite.TensorType.INT8, tflite.TensorType.INT32
    return _file(
        [
            _Tensor("features", (1, 1, 1, inputs), int8, 0, *_quantisation(features.scale, features.zero_point)),
            _Tensor("directions", (outputs, 1, 1, inputs), int8, 1, *_quantisation(scales, 0)),
            _Tensor("means", (outputs,), int32, 2, *_quantisation([], 0)),
            _Tensor("departures", (1, 1, 1, outputs), int8, 0, *_quantisation(output_scale, 0)),
        ],
        [rounded.tobytes(), bias.astype("<i4").tobytes()],
    )


def _quantisation(scale: Any, zero_point: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    scales = np.atleast_1d(np.asarray(scale, np.float32))
    return scales, np.full(len(scales), zero_point, np.int64)


def _file(tensors: Sequence[_Tensor], constants: Sequence[bytes]) -> bytes:
    """A model of one convolution of the first tensor with the second and third to the fourth."""
    builder = flatbuffers.Builder(1024)
    buffers = [_buffer(builder, data) for data in (b"", *constants)]
    graph = _graph(builder, [_tensor(builder, tensor) for tensor in tensors])
    tflite.OperatorCodeStart(builder)
    tflite.OperatorCodeAddBuiltinCode(builder, tflite.BuiltinOperator.CONV_2D)
    tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, tflite.BuiltinOperator.CONV_2D)
    tflite.OperatorCodeAddVersion(builder, _VERSION)
    code = tflite.OperatorCodeEnd(builder)
    listed = [_tables(builder, tables) for tables in (buffers, [code], [graph])]
    tflite.ModelStart(builder)
    tflite.ModelAddVersion(builder, _SCHEMA)
    tflite.ModelAddBuffers(builder, listed[0])
    tflite.ModelAddOperatorCodes(builder, listed[1])
    tflite.ModelAddSubgraphs(builder, listed[2])
    builder.Finish(tflite.ModelEnd(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def _graph(builder: flatbuffers.Builder, tensors: Sequence[int]) -> int:
    tflite.Conv2DOptionsStart(builder)
    tflite.Conv2DOptionsAddPadding(builder, tflite.Padding.VALID)
    tflite.Conv2DOptionsAddStrideW(builder, 1)
    tflite.Conv2DOptionsAddStrideH(builder, 1)
    tflite.Conv2DOptionsAddDilationWFactor(builder, 1)
    tflite.Conv2DOptionsAddDilationHFactor(builder, 1)
    options = tflite.Conv2DOptionsEnd(builder)
    taken, given = _indices(builder, 0, 1, 2), _indices(builder, 3)
    tflite.OperatorStart(builder)
    tflite.OperatorAddInputs(builder, taken)
    tflite.OperatorAddOutputs(builder, given)
    tflite.OperatorAddBuiltinOptionsType(builder, tflite.BuiltinOptions.Conv2DOptions)
    tflite.OperatorAddBuiltinOptions(builder, options)
    operators = _tables(builder, [tflite.OperatorEnd(builder)])
    every, first, last = _tables(builder, tensors), _indices(builder, 0), _indices(builder, 3)
    tflite.SubGraphStart(builder)
    tflite.SubGraphAddTensors(builder, every)
    tflite.SubGraphAddInputs(builder, first)
    tflite.SubGraphAddOutputs(builder, last)
    tflite.SubGraphAddOperators(builder, operators)
    return int(tflite.SubGraphEnd(builder))


def _tensor(builder: flatbuffers.Builder, tensor: _Tensor) -> int:
    quantisation = None
    if len(tensor.scales):
        scales = builder.CreateNumpyVector(tensor.scales)
        zero_points = builder.CreateNumpyVector(tensor.zero_points)
        tflite.QuantizationParametersStart(builder)
        tflite.QuantizationParametersAddScale(builder, scales)
        tflite.QuantizationParametersAddZeroPoint(builder, zero_points)
        quantisation = tflite.QuantizationParametersEnd(builder)
    name, shape = builder.CreateString(tensor.name), _indices(builder, *tensor.shape)
    tflite.TensorStart(builder)
    tflite.TensorAddName(builder, name)
    tflite.TensorAddShape(builder, shape)
    tflite.TensorAddType(builder, tensor.type)
    tflite.TensorAddBuffer(builder, tensor.buffer)
    if quantisation is not None:
        tflite.TensorAddQuantization(builder, quantisation)
    return int(tflite.TensorEnd(builder))


def _buffer(builder: flatbuffers.Builder, data: bytes) -> int:
    content = None
    if data:
        builder.StartVector(1, len(data), 16)  # readers map the file and expect constants at multiples of 16
        builder.head -= len(data)
        builder.Bytes[builder.head : builder.head + len(data)] = data
        content = builder.EndVector()
    tflite.BufferStart(builder)
    if content is not None:
        tflite.BufferAddData(builder, content)
    return int(tflite.BufferEnd(builder))


def _indices(builder: flatbuffers.Builder, *values: int) -> int:
    return int(builder.CreateNumpyVector(np.array(values, np.int32)))


def _tables(builder: flatbuffers.Builder, tables: Sequence[int]) -> int:
    builder.StartVector(4, len(tables), 4)
    for table in reversed(tables):
        builder.PrependUOffsetTRelative(table)
    return int(builder.EndVector())
