"""From the bytes of a `.tflite` file to tensors and operators, with whatever is wrong said as a ModelError."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import tflite

from lab import files
from lab.errors import ModelError, shortened
from lab.model import layers, other_formats, rules, variables
from lab.model.flatbuffer import IDENTIFIER, Malformed, verify
from lab.model.model import Operator, Tensor
from lab.model.other_formats import Other

_SCHEMA_VERSION = 3
_LARGEST_BYTES = 64 * 2**20
_LARGEST_TENSOR = 64 * 2**20
_MOST_DIMENSIONS = 8
_MOST_TAKEN = 2**20
"""Tensors that all operators take and make."""
_LARGEST_SUM = 2**30
"""Bytes of all tensors that are not constants, few of which are there at the same time."""

_CONVERT = "Convert it with full int8 quantisation and fixed shapes."
_NOT_FLOAT16 = "Leave tf.float16 out of target_spec.supported_types when you convert it."
_NOT_HYBRID = (
    "Give the converter a representative_dataset with Optimize.DEFAULT, and supported_ops of "
    "OpsSet.TFLITE_BUILTINS_INT8; or leave optimizations out for a model of floats."
)
_FIXED = "Convert it with fixed shapes: keras.Input(..., batch_size=1), or a concrete function of fixed shapes."
_NPUS = {"ethos-u": "Arm's Ethos-U by Vela", "edgetpu-custom-op": "Coral's Edge TPU"}
"""Custom operators that are a compiled part of a model, by name."""

_TYPES = {code: name for name, code in vars(tflite.TensorType).items() if not name.startswith("_")}
_SIZES = {
    "FLOAT32": 4,
    "FLOAT16": 2,
    "INT32": 4,
    "UINT8": 1,
    "INT64": 8,
    "BOOL": 1,
    "INT16": 2,
    "INT8": 1,
    "RESOURCE": 4,
    "FLOAT64": 8,
    "UINT64": 8,
    "UINT32": 4,
    "UINT16": 2,
}
_RANGES = {"INT8": (-128, 127), "UINT8": (0, 255), "INT16": (-32768, 32767)}
_TYPES_OF_WEIGHTS = {("FLOAT32", "FLOAT32"), ("INT8", "INT8"), ("UINT8", "UINT8"), ("INT16", "INT8")}

_CALLING = {"IF", "WHILE"}
_MOST_LINES = 20
_FILLING = {"VAR_HANDLE", "ASSIGN_VARIABLE"}
"""Operators of a subgraph that gives variables their first values."""

Parts = tuple[tuple[Tensor, ...], tuple[Operator, ...], tuple[int, ...], tuple[int, ...], tuple[Operator, ...]]


def parse(path: Path, data: bytes, *, of_any_types: bool = False) -> Parts:
    """Tensors, operators, input and output indices of the file's content, and operators that fill its variables.

    Raises ModelError, and unless it may be `of_any_types` for weights of types that no TFLM computes with.
    """
    if data[4:8] != IDENTIFIER and (other := other_formats.file(path, data)):
        raise _other_format(path, other)
    try:
        verify(data)
        parts = _parse(path, data)
        if not of_any_types:
            _check_types(path, *parts[:2])
        return parts
    except Malformed as problem:
        raise ModelError(
            f"{path} is not a whole TFLite model: {problem}.",
            remedy="Copy or convert it again; it was cut short or damaged.",
            code="model-broken",
        ) from problem
    except rules.Contradiction as problem:
        raise ModelError(
            f"{path} cannot run: {problem}.",
            remedy="Convert the model again, with fixed shapes; in parentheses stands what the operator is given.",
            code="operator-misfit",
        ) from problem


def content(path: Path) -> bytes:
    """The bytes of the file. Raises ModelError."""
    try:
        if path.is_dir() and (other := other_formats.folder(path)):
            raise _other_format(path, other)
        size = path.stat().st_size
        if path.is_file() and size > _LARGEST_BYTES:
            raise _too_large(path, f"{size:,} bytes")
        return files.content(path, _LARGEST_BYTES)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read: {error.strerror}.",
            remedy="Name a .tflite file that is there; `lab train` makes one for a workload.",
            code="model-unreadable",
        ) from error


def _parse(path: Path, data: bytes) -> Parts:
    model = tflite.Model.GetRootAsModel(data, 0)
    if model.Version() != _SCHEMA_VERSION:
        raise Malformed(f"its schema is version {model.Version()}, not {_SCHEMA_VERSION}")
    if model.SubgraphsLength() == 0:
        raise Malformed("it has no subgraph")
    graph = model.Subgraphs(0)
    if graph.OperatorsLength() == 0:
        raise _unsupported(path, "has no operators", "It hands its input on as it is: there is nothing to run.")
    _check_subgraphs(path, model)
    tensors, operators, inputs, outputs = _graph(path, model, graph)
    if not inputs or not outputs:
        raise Malformed("it has no input or no output")
    others = [_graph(path, model, model.Subgraphs(n)) for n in range(1, model.SubgraphsLength())]
    variables.check(model, [tensors, *(parts[0] for parts in others)])
    return tensors, operators, inputs, outputs, tuple(operator for parts in others for operator in parts[1])


def _check_subgraphs(path: Path, model: tflite.Model) -> None:
    """Those behind the first may only fill variables: of branches and loops nobody knows what the device computes."""
    for graph in map(model.Subgraphs, range(1, model.SubgraphsLength())):
        names = {_name(model, graph.Operators(n)) for n in range(graph.OperatorsLength())}
        if not names <= _FILLING:
            raise _unsupported(
                path,
                f"has {model.SubgraphsLength()} subgraphs, of which one does more than to fill variables",
                "Take control flow out of it. LSTM layers: build the model with tf_keras instead of Keras 3, copy the "
                "weights (get_weights, set_weights) and convert that; each becomes one operator. Other recurrent "
                "layers: unroll=True. Branches: make both ways one.",
                _flow(model),
            )


def _flow(model: tflite.Model) -> str:
    """A line for each operator of the first subgraph that calls another."""
    graph, lines = model.Subgraphs(0), []
    for index, operator in enumerate(map(graph.Operators, range(graph.OperatorsLength()))):
        if (name := _name(model, operator)) in _CALLING and operator.OutputsLength():
            made = operator.Outputs(0)
            label = (graph.Tensors(made).Name() or b"") if 0 <= made < graph.TensorsLength() else b""
            lines.append(f"operator {index} {name}{layers.origin(label.decode('utf-8', 'replace'))}")
    return "\n".join(shortened(lines, _MOST_LINES))


def _graph(
    path: Path, model: tflite.Model, graph: tflite.SubGraph
) -> tuple[tuple[Tensor, ...], tuple[Operator, ...], tuple[int, ...], tuple[int, ...]]:
    taken = sum(
        operator.InputsLength() + operator.OutputsLength()
        for operator in map(graph.Operators, range(graph.OperatorsLength()))
    )
    if taken + graph.InputsLength() + graph.OutputsLength() > _MOST_TAKEN:
        raise Malformed(f"its operators take and make {taken:,} tensors")
    _check_custom(path, model, graph)
    buffers = [model.Buffers(index).DataLength() for index in range(model.BuffersLength())]
    used = _used(graph)
    tensors = tuple(_tensor(path, graph.Tensors(n), buffers, n in used) for n in range(graph.TensorsLength()))
    computed = sum(tensor.bytes for tensor in tensors if not tensor.constant)
    if computed > _LARGEST_SUM:
        raise _too_large(path, f"tensors of {computed:,} bytes")
    inputs = _indices((graph.Inputs(n) for n in range(graph.InputsLength())), tensors, "the model's inputs")
    outputs = _indices((graph.Outputs(n) for n in range(graph.OutputsLength())), tensors, "the model's outputs")
    operators = tuple(_operator(model, graph, n, tensors) for n in range(graph.OperatorsLength()))
    states = {index for index in range(len(tensors)) if graph.Tensors(index).IsVariable()}
    _check_order(operators, tensors, states.union(inputs), outputs)
    return tensors, operators, inputs, outputs


def _check_custom(path: Path, model: tflite.Model, graph: tflite.SubGraph) -> None:
    """Their tensors keep to rules of their own, so this comes before all that is checked of tensors."""
    indices = {graph.Operators(n).OpcodeIndex() for n in range(graph.OperatorsLength())}
    codes = [model.OperatorCodes(index) for index in sorted(indices) if 0 <= index < model.OperatorCodesLength()]
    names = [_custom_name(code) for code in codes if _number(code) == tflite.BuiltinOperator.CUSTOM]
    if not names:
        return
    npu = next((_NPUS[name] for name in names if name in _NPUS), "")
    raise ModelError(
        f"{path} has the custom operator{'s' * (len(names) > 1)} {', '.join(names)}"
        + (f", made for {npu}" if npu else "")
        + "; the boards have TFLM's own operators only.",
        remedy="Name the model as it was before it was compiled for that."
        if npu
        else "Convert it with built-in operators alone (allow_custom_ops = False).",
        code="operator-custom",
    )


def _custom_name(code: tflite.OperatorCode) -> str:
    return (code.CustomCode() or b"without a name").decode("utf-8", "replace")


def _number(code: tflite.OperatorCode) -> int:
    return int(max(code.DeprecatedBuiltinCode(), code.BuiltinCode()))


def _used(graph: tflite.SubGraph) -> set[int]:
    """Tensors that hold something; others, such as intermediates of a converter, may have any shape."""
    found = {graph.Inputs(n) for n in range(graph.InputsLength())}
    found |= {graph.Outputs(n) for n in range(graph.OutputsLength())}
    for operator in (graph.Operators(n) for n in range(graph.OperatorsLength())):
        found |= {operator.Inputs(n) for n in range(operator.InputsLength())}
        found |= {operator.Outputs(n) for n in range(operator.OutputsLength())}
    return found


def _tensor(path: Path, tensor: tflite.Tensor, buffers: list[int], used: bool) -> Tensor:
    name = (tensor.Name() or b"").decode("utf-8", "replace")
    dtype = _TYPES.get(tensor.Type(), f"type {tensor.Type()}")
    if dtype not in _SIZES:
        raise _unsupported(path, f"has tensor {name!r} of {dtype}, which the lab cannot run")
    if max(tensor.ShapeLength(), tensor.ShapeSignatureLength()) > _MOST_DIMENSIONS:
        raise _unsupported(path, f"has tensor {name!r} of more than {_MOST_DIMENSIONS} dimensions")
    shape = tuple(tensor.Shape(n) for n in range(tensor.ShapeLength()))
    signature = tuple(tensor.ShapeSignature(n) for n in range(tensor.ShapeSignatureLength()))
    if not used:
        return Tensor(name, shape, dtype, 0, False)
    if any(extent < 1 for extent in shape):
        raise _unsupported(path, f"has tensor {name!r} of shape {list(shape)}: sizes must be fixed", _FIXED)
    if any(extent < 1 for extent in signature[1:]):
        raise _unsupported(path, f"has tensor {name!r} with the dynamic shape {list(signature)}", _FIXED)
    size = math.prod(shape) * _SIZES[dtype]
    if size > _LARGEST_TENSOR:
        raise _too_large(path, f"a tensor {name!r} of {size:,} bytes")
    if not 0 <= tensor.Buffer() < len(buffers):
        raise Malformed(f"tensor {name!r} is in buffer {tensor.Buffer()} of {len(buffers)}")
    stored = buffers[tensor.Buffer()]
    if stored and stored != size:
        raise Malformed(f"tensor {name!r} needs {size:,} bytes and its buffer has {stored:,}")
    scale, zero_point = _quantisation(tensor, name, dtype, shape)
    return Tensor(name, shape, dtype, size, bool(stored), scale, zero_point)


def _quantisation(
    tensor: tflite.Tensor, name: str, dtype: str, shape: tuple[int, ...]
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    given = tensor.Quantization()
    if given is None or given.ScaleLength() == 0:
        return (), ()
    axis = given.QuantizedDimension() if len(shape) > 1 else 0  # converters of 2019 give a bias the filter's, 3
    counts = {1}
    if 0 <= axis < len(shape):
        counts.add(shape[axis])
    if given.ScaleLength() not in counts or given.ZeroPointLength() != given.ScaleLength():
        raise Malformed(f"tensor {name!r} has {given.ScaleLength()} scales and {given.ZeroPointLength()} zero points")
    scale = tuple(float(given.Scale(n)) for n in range(given.ScaleLength()))
    zero_point = tuple(int(given.ZeroPoint(n)) for n in range(given.ZeroPointLength()))
    if not all(math.isfinite(value) and value >= 0 for value in scale):
        raise Malformed(f"tensor {name!r} has a scale that is no positive number")
    low, high = _RANGES.get(dtype, (-(2**63), 2**63))
    if not all(low <= value <= high for value in zero_point):
        raise Malformed(f"tensor {name!r} has a zero point outside {dtype}")
    return scale, zero_point


def _operator(model: tflite.Model, graph: tflite.SubGraph, position: int, tensors: tuple[Tensor, ...]) -> Operator:
    operator = graph.Operators(position)
    name = _name(model, operator)
    code = model.OperatorCodes(operator.OpcodeIndex())
    inputs = _indices((operator.Inputs(n) for n in range(operator.InputsLength())), tensors, name, optional=True)
    outputs = _indices((operator.Outputs(n) for n in range(operator.OutputsLength())), tensors, name)
    taken = [tensors[index] if index >= 0 else None for index in inputs]
    made = [tensors[index] for index in outputs]
    try:
        macs = rules.check(
            rules.Node(
                name,
                tuple(taken),
                tuple(made),
                lambda place: model.Buffers(graph.Tensors(inputs[place]).Buffer()).DataAsNumpy().tobytes(),
                operator,
                rules.options_of(name),
                model.SubgraphsLength(),
            )
        )
    except rules.Contradiction as problem:
        raise rules.Contradiction(f"operator {position} {problem}") from problem
    return Operator(name, code.Version(), inputs, outputs, macs)


def _name(model: tflite.Model, operator: tflite.Operator) -> str:
    if not 0 <= operator.OpcodeIndex() < model.OperatorCodesLength():
        raise Malformed(f"an operator has code {operator.OpcodeIndex()} of {model.OperatorCodesLength()}")
    number = _number(model.OperatorCodes(operator.OpcodeIndex()))
    name = tflite.BUILTIN_OPCODE2NAME.get(number)
    if name is None:
        raise Malformed(f"it uses operator {number}, which TFLite does not have")
    return str(name)


def _indices(
    found: Iterable[int], tensors: tuple[Tensor, ...], what: str, *, optional: bool = False
) -> tuple[int, ...]:
    indices = tuple(int(index) for index in found)
    for index in indices:
        if not (0 <= index < len(tensors) or (optional and index == -1)):
            raise Malformed(f"{what} names tensor {index} of {len(tensors)}")
    return indices


def _check_types(path: Path, tensors: tuple[Tensor, ...], operators: tuple[Operator, ...]) -> None:
    for index, operator in enumerate(operators):
        taken = [tensors[one] for one in operator.inputs if one >= 0]
        made = [tensors[one] for one in operator.outputs]
        _check_types_of(path, operator.name, taken, made, layers.located(index, operator, tensors))


def _check_types_of(path: Path, name: str, inputs: list[Tensor], outputs: list[Tensor], where: str) -> None:
    """TFLM, old and new, computes in one type: float weights with float data, integer weights with integer data."""
    if any(tensor.dtype == "FLOAT16" for tensor in inputs):
        raise _unsupported(path, f"keeps float16 weights ({name}), which no TFLM computes with", _NOT_FLOAT16, where)
    if name not in rules.WEIGHTED:
        return
    data, weights = inputs[0].dtype, inputs[1].dtype
    if data == "FLOAT32" and weights != "FLOAT32":
        raise _unsupported(
            path,
            f"is quantised in its weights only ({name} with {data.lower()} data and {weights.lower()} weights), "
            "which no TFLM computes with",
            _NOT_HYBRID,
            where,
        )
    if (data, weights) not in _TYPES_OF_WEIGHTS:
        raise _unsupported(path, f"has a {name} of {data.lower()} data with {weights.lower()} weights", details=where)
    if data != "FLOAT32" and not all(tensor.scale for tensor in (*inputs[:2], *outputs)):
        raise Malformed(f"{name} computes with integers that have no scale")


def _check_order(
    operators: tuple[Operator, ...], tensors: tuple[Tensor, ...], filled: set[int], outputs: tuple[int, ...]
) -> None:
    """Every tensor must hold something before it is read; `filled` do so from the start, as constants do."""
    ready = filled.union(index for index, tensor in enumerate(tensors) if tensor.constant)
    for position, operator in enumerate(operators):
        for index in operator.inputs:
            if index >= 0 and index not in ready:
                raise Malformed(f"operator {position} {operator.name} reads tensor {index} before it is written")
        for index in operator.outputs:
            if tensors[index].constant:
                raise Malformed(f"operator {position} {operator.name} writes to constant {index}")
        ready.update(operator.outputs)
    if not ready.issuperset(outputs):
        raise Malformed("an output of the model is never written")


def _unsupported(path: Path, what: str, remedy: str = _CONVERT, details: str = "") -> ModelError:
    return ModelError(f"{path} {what}.", remedy=remedy, details=details, code="model-unsupported")


def _too_large(path: Path, what: str) -> ModelError:
    return ModelError(
        f"{path} has {what}; no microcontroller holds that.",
        remedy="Name a .tflite made for microcontrollers.",
        code="model-too-large",
    )


def _other_format(path: Path, other: Other) -> ModelError:
    return ModelError(f"{path} is {other.is_a}, not a .tflite model.", remedy=other.remedy, code="model-format")
