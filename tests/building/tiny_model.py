"""Small `.tflite` models made by hand, so that tests need neither TensorFlow nor a trained model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import flatbuffers
import numpy as np
import tflite

INT8, FLOAT32, FLOAT16, INT32, INT16, RESOURCE = 9, 0, 1, 2, 7, 13
ADD, AVERAGE_POOL_2D, CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED = 0, 1, 3, 4, 9
MAX_POOL_2D, MUL, RESHAPE, SOFTMAX = 17, 18, 22, 25
CUSTOM = 32
STRIDED_SLICE, EXPAND_DIMS, SHAPE, PACK, ELU = 45, 70, 77, 83, 111
OPTIONS = {
    ADD: "AddOptions",
    tflite.BuiltinOperator.ARG_MAX: "ArgMaxOptions",
    tflite.BuiltinOperator.ARG_MIN: "ArgMinOptions",
    AVERAGE_POOL_2D: "Pool2DOptions",
    tflite.BuiltinOperator.BATCH_MATMUL: "BatchMatMulOptions",
    tflite.BuiltinOperator.CALL_ONCE: "CallOnceOptions",
    tflite.BuiltinOperator.CONCATENATION: "ConcatenationOptions",
    CONV_2D: "Conv2DOptions",
    tflite.BuiltinOperator.CUMSUM: "CumsumOptions",
    DEPTHWISE_CONV_2D: "DepthwiseConv2DOptions",
    tflite.BuiltinOperator.DEPTH_TO_SPACE: "DepthToSpaceOptions",
    tflite.BuiltinOperator.DIV: "DivOptions",
    FULLY_CONNECTED: "FullyConnectedOptions",
    tflite.BuiltinOperator.GATHER: "GatherOptions",
    tflite.BuiltinOperator.GELU: "GeluOptions",
    tflite.BuiltinOperator.IF: "IfOptions",
    tflite.BuiltinOperator.L2_NORMALIZATION: "L2NormOptions",
    tflite.BuiltinOperator.LEAKY_RELU: "LeakyReluOptions",
    tflite.BuiltinOperator.L2_POOL_2D: "Pool2DOptions",
    MAX_POOL_2D: "Pool2DOptions",
    tflite.BuiltinOperator.MEAN: "ReducerOptions",
    tflite.BuiltinOperator.MIRROR_PAD: "MirrorPadOptions",
    MUL: "MulOptions",
    PACK: "PackOptions",
    tflite.BuiltinOperator.REDUCE_ALL: "ReducerOptions",
    tflite.BuiltinOperator.REDUCE_MAX: "ReducerOptions",
    tflite.BuiltinOperator.REDUCE_MIN: "ReducerOptions",
    tflite.BuiltinOperator.RESIZE_BILINEAR: "ResizeBilinearOptions",
    tflite.BuiltinOperator.RESIZE_NEAREST_NEIGHBOR: "ResizeNearestNeighborOptions",
    SHAPE: "ShapeOptions",
    SOFTMAX: "SoftmaxOptions",
    tflite.BuiltinOperator.SPACE_TO_DEPTH: "SpaceToDepthOptions",
    tflite.BuiltinOperator.SPLIT: "SplitOptions",
    tflite.BuiltinOperator.SPLIT_V: "SplitVOptions",
    STRIDED_SLICE: "StridedSliceOptions",
    tflite.BuiltinOperator.SUB: "SubOptions",
    tflite.BuiltinOperator.SUM: "ReducerOptions",
    tflite.BuiltinOperator.SVDF: "SVDFOptions",
    tflite.BuiltinOperator.TRANSPOSE_CONV: "TransposeConvOptions",
    tflite.BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM: "UnidirectionalSequenceLSTMOptions",
    tflite.BuiltinOperator.UNPACK: "UnpackOptions",
    tflite.BuiltinOperator.VAR_HANDLE: "VarHandleOptions",
    tflite.BuiltinOperator.WHILE: "WhileOptions",
}


@dataclass
class Tensor:
    shape: Sequence[int]
    type: int = INT8
    data: bytes = b""
    scale: float | Sequence[float] | None = 0.1
    zero_point: int = 0
    channel_dimension: int = 0
    variable: bool = False
    name: str = ""


@dataclass
class Operator:
    code: int
    inputs: Sequence[int]
    outputs: Sequence[int]
    version: int = 1
    options: Mapping[str, float | str] = field(default_factory=dict)
    custom: str = ""
    """The name of a custom operator."""


@dataclass
class Graph:
    tensors: list[Tensor]
    operators: list[Operator]
    inputs: list[int] = field(default_factory=lambda: [0])
    outputs: list[int] = field(default_factory=list)
    subgraphs: int = 1
    filling: tuple[list[Tensor], list[Operator]] | None = None
    """Tensors and operators of a second subgraph."""
    unused: list[int] = field(default_factory=list)
    """Operator codes that no operator has, as some converters leave them."""


def classifier(
    features: Sequence[int] = (1, 49, 40, 1),
    labels: int = 12,
    seed: int = 0,
    zero_point: int = -64,
    scale: float = 1 / 64,
) -> Graph:
    """Features -> fully connected -> softmax, int8, with random weights."""
    width = int(np.prod(features))
    weights = np.random.default_rng(seed).integers(-127, 127, (labels, width), dtype=np.int8)
    return Graph(
        tensors=[
            Tensor(features, scale=scale, zero_point=zero_point),
            Tensor((labels, width), data=weights.tobytes(), scale=0.001),
            Tensor((labels,), INT32, data=bytes(4 * labels), scale=0.0001),
            Tensor((1, labels)),
            Tensor((1, labels), scale=1 / 256, zero_point=-128),
        ],
        operators=[Operator(FULLY_CONNECTED, (0, 1, 2), (3,), 4), Operator(SOFTMAX, (3,), (4,), 2, {"Beta": 1.0})],
        outputs=[4],
    )


def reshape_by_its_own_sizes() -> Graph:
    """int8 [1, 12] to [1, 3, 4], the first size taken from the input as it runs: what converters of today write."""
    sizes = [np.int32(value).tobytes() for value in (0, 1, 1, 3, 4)]
    begin, end, stride = (Tensor((1,), INT32, data, scale=None) for data in sizes[:3])
    three, four = (Tensor((), INT32, data, scale=None) for data in sizes[3:])
    shape, first, packed = (Tensor(extent, INT32, scale=None) for extent in ((2,), (), (3,)))
    return Graph(
        tensors=[Tensor((1, 12)), shape, begin, end, stride, first, three, four, packed, Tensor((1, 3, 4))],
        operators=[
            Operator(SHAPE, (0,), (1,), options={"OutType": INT32}),
            Operator(STRIDED_SLICE, (1, 2, 3, 4), (5,), options={"ShrinkAxisMask": 1}),
            Operator(PACK, (5, 6, 7), (8,), options={"ValuesCount": 3}),
            Operator(RESHAPE, (0, 8), (9,)),
        ],
        outputs=[9],
        unused=[EXPAND_DIMS],
    )


def remembering() -> Graph:
    """Float [1, 8] to [1, 3] by an SVDF of rank 2, whose state holds what came in the last four inferences."""
    generator = np.random.default_rng(0)
    by_feature, by_time, bias = (
        generator.uniform(-1, 1, extent).astype(np.float32).tobytes() for extent in ((6, 8), (6, 4), (3,))
    )
    return Graph(
        tensors=[
            Tensor((1, 8), FLOAT32, scale=None),
            Tensor((6, 8), FLOAT32, by_feature, scale=None),
            Tensor((6, 4), FLOAT32, by_time, scale=None),
            Tensor((3,), FLOAT32, bias, scale=None),
            Tensor((1, 24), FLOAT32, scale=None, variable=True),
            Tensor((1, 3), FLOAT32, scale=None),
        ],
        operators=[Operator(tflite.BuiltinOperator.SVDF, (0, 1, 2, 3, 4), (5,), options={"Rank": 2})],
        outputs=[5],
    )


def remembering_int8() -> Graph:
    """The same of integers, with the RELU that TFLM wants there: int8 data, int16 weights by time and state."""
    graph, generator = remembering(), np.random.default_rng(0)
    kinds = (INT8, INT8, INT16, INT32, INT16, INT8)
    for tensor, kind, scale in zip(
        graph.tensors, kinds, (1 / 64, 1 / 128, 1 / 64, 1 / 8192, 1 / 128, 1 / 16), strict=True
    ):
        tensor.type, tensor.scale = kind, scale
    for index, low, high, kind in ((1, -127, 127, np.int8), (2, -64, 64, np.int16), (3, -4096, 4096, np.int32)):
        graph.tensors[index].data = generator.integers(low, high, graph.tensors[index].shape, kind).tobytes()
    graph.operators[0].version = 3
    graph.operators[0].options = {"Rank": 2, "FusedActivationFunction": 1}
    return graph


def counting() -> Graph:
    """int8 [1, 4] to the sum of it and of all that came before, in a variable that a second subgraph sets to 5."""
    named = {"Container": "", "SharedName": "sum"}
    first = Tensor((1, 4), data=bytes([5] * 4))
    return Graph(
        tensors=[Tensor((1, 4)), Tensor((), RESOURCE, scale=None), Tensor((1, 4)), Tensor((1, 4))],
        operators=[
            Operator(tflite.BuiltinOperator.CALL_ONCE, (), (), options={"InitSubgraphIndex": 1}),
            Operator(tflite.BuiltinOperator.VAR_HANDLE, (), (1,), options=named),
            Operator(tflite.BuiltinOperator.READ_VARIABLE, (1,), (2,)),
            Operator(ADD, (0, 2), (3,), 2),
            Operator(tflite.BuiltinOperator.ASSIGN_VARIABLE, (1, 3), ()),
        ],
        outputs=[3],
        filling=(
            [Tensor((), RESOURCE, scale=None), first],
            [
                Operator(tflite.BuiltinOperator.VAR_HANDLE, (), (0,), options=named),
                Operator(tflite.BuiltinOperator.ASSIGN_VARIABLE, (0, 1), ()),
            ],
        ),
    )


def tflite_bytes(graph: Graph) -> bytes:
    """The graph as a file."""
    builder = flatbuffers.Builder(1024)
    more_tensors, more_operators = graph.filling or ([], [])
    every = [*graph.operators, *more_operators]
    stored = [tensor for tensor in (*graph.tensors, *more_tensors) if tensor.data]
    buffers = [_buffer(builder, b"")] + [_buffer(builder, tensor.data) for tensor in stored]
    numbers = iter(range(1, len(buffers)))
    tensors = [_tensor(builder, tensor, next(numbers) if tensor.data else 0) for tensor in graph.tensors]
    others = [_tensor(builder, tensor, next(numbers) if tensor.data else 0) for tensor in more_tensors]
    made = [_operator(builder, index, operator) for index, operator in enumerate(every)]
    operators, filling = made[: len(graph.operators)], made[len(graph.operators) :]
    codes = [_code(builder, operator) for operator in (*every, *_without_tensors(graph.unused))]
    subgraphs = [_subgraph(builder, graph.inputs, graph.outputs, tensors, operators) for _ in range(graph.subgraphs)]
    if graph.filling:
        subgraphs.append(_subgraph(builder, (), (), others, filling))
    listed = [_tables(builder, tables) for tables in (buffers, codes, subgraphs)]
    tflite.ModelStart(builder)
    tflite.ModelAddVersion(builder, 3)
    tflite.ModelAddBuffers(builder, listed[0])
    tflite.ModelAddOperatorCodes(builder, listed[1])
    tflite.ModelAddSubgraphs(builder, listed[2])
    builder.Finish(tflite.ModelEnd(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def _without_tensors(codes: Sequence[int]) -> list[Operator]:
    return [Operator(code, (), ()) for code in codes]


def _numbers(builder: flatbuffers.Builder, values: Sequence[int]) -> int:
    return builder.CreateNumpyVector(np.asarray(values, np.int32))


def _tables(builder: flatbuffers.Builder, tables: Sequence[int]) -> int:
    builder.StartVector(4, len(tables), 4)
    for table in reversed(tables):
        builder.PrependUOffsetTRelative(table)
    return builder.EndVector()


def _buffer(builder: flatbuffers.Builder, data: bytes) -> int:
    if not data:
        tflite.BufferStart(builder)
        return tflite.BufferEnd(builder)
    builder.StartVector(1, len(data), 16)
    builder.head -= len(data)
    builder.Bytes[builder.head : builder.head + len(data)] = data
    content = builder.EndVector()
    tflite.BufferStart(builder)
    tflite.BufferAddData(builder, content)
    return tflite.BufferEnd(builder)


def _tensor(builder: flatbuffers.Builder, tensor: Tensor, buffer: int) -> int:
    shape = _numbers(builder, tensor.shape)
    name = builder.CreateString(tensor.name) if tensor.name else None
    quantisation = None
    if tensor.scale is not None:
        scales = np.atleast_1d(np.asarray(tensor.scale, np.float32))
        scale = builder.CreateNumpyVector(scales)
        zero = builder.CreateNumpyVector(np.full(scales.size, tensor.zero_point, np.int64))
        tflite.QuantizationParametersStart(builder)
        tflite.QuantizationParametersAddScale(builder, scale)
        tflite.QuantizationParametersAddZeroPoint(builder, zero)
        tflite.QuantizationParametersAddQuantizedDimension(builder, tensor.channel_dimension)
        quantisation = tflite.QuantizationParametersEnd(builder)
    tflite.TensorStart(builder)
    tflite.TensorAddShape(builder, shape)
    tflite.TensorAddType(builder, tensor.type)
    tflite.TensorAddBuffer(builder, buffer)
    tflite.TensorAddIsVariable(builder, tensor.variable)
    if name is not None:
        tflite.TensorAddName(builder, name)
    if quantisation is not None:
        tflite.TensorAddQuantization(builder, quantisation)
    return tflite.TensorEnd(builder)


def _options(builder: flatbuffers.Builder, operator: Operator) -> tuple[int, int] | None:
    table = OPTIONS.get(operator.code)
    if table is None:
        return None
    values = {
        name: builder.CreateString(value) if isinstance(value, str) else value
        for name, value in operator.options.items()
    }
    getattr(tflite, f"{table}Start")(builder)
    for name, value in values.items():
        getattr(tflite, f"{table}Add{name}")(builder, value)
    return getattr(tflite.BuiltinOptions, table), getattr(tflite, f"{table}End")(builder)


def _operator(builder: flatbuffers.Builder, index: int, operator: Operator) -> int:
    inputs, outputs = _numbers(builder, operator.inputs), _numbers(builder, operator.outputs)
    options = _options(builder, operator)
    tflite.OperatorStart(builder)
    tflite.OperatorAddOpcodeIndex(builder, index)
    tflite.OperatorAddInputs(builder, inputs)
    tflite.OperatorAddOutputs(builder, outputs)
    if options is not None:
        tflite.OperatorAddBuiltinOptionsType(builder, options[0])
        tflite.OperatorAddBuiltinOptions(builder, options[1])
    return tflite.OperatorEnd(builder)


def _code(builder: flatbuffers.Builder, operator: Operator) -> int:
    name = builder.CreateString(operator.custom) if operator.custom else None
    tflite.OperatorCodeStart(builder)
    if name is not None:
        tflite.OperatorCodeAddCustomCode(builder, name)
    tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, min(operator.code, 127))
    tflite.OperatorCodeAddBuiltinCode(builder, operator.code)
    tflite.OperatorCodeAddVersion(builder, operator.version)
    return tflite.OperatorCodeEnd(builder)


def _subgraph(
    builder: flatbuffers.Builder,
    taken: Sequence[int],
    given: Sequence[int],
    tensors: Sequence[int],
    operators: Sequence[int],
) -> int:
    listed = [_tables(builder, tensors), _tables(builder, operators)]
    inputs, outputs = _numbers(builder, taken), _numbers(builder, given)
    tflite.SubGraphStart(builder)
    tflite.SubGraphAddTensors(builder, listed[0])
    tflite.SubGraphAddOperators(builder, listed[1])
    tflite.SubGraphAddInputs(builder, inputs)
    tflite.SubGraphAddOutputs(builder, outputs)
    return tflite.SubGraphEnd(builder)
