"""Which types TFLM's kernels of 2020 compute, which no list in their sources says: they find out as they run.

`tests/kernels/test_operator_types.py` boots a model for each entry, and for each pair of types that has none.
"""

from __future__ import annotations

from lab.model import Model, Operator

Types = tuple[str, str]
"""Of the data and of the first output, as TFLite calls them."""


def _alike(*types: str) -> frozenset[Types]:
    return frozenset((one, one) for one in types)


def _giving(output: str, *types: str) -> frozenset[Types]:
    return frozenset((one, output) for one in types)


_FLOAT = _alike("FLOAT32")
_BOOL = _alike("BOOL")
_INT8_OR_FLOAT = _alike("FLOAT32", "INT8")
_BYTES_OR_FLOAT = _alike("FLOAT32", "INT8", "UINT8")
_NUMBERS = ("FLOAT32", "INT32", "INT64", "INT8", "UINT8")
_ANY = (*_NUMBERS, "BOOL", "INT16")

COMPUTED: dict[str, frozenset[Types]] = {
    **dict.fromkeys(("ABS", "CEIL", "COS", "FLOOR", "LOG", "MEAN", "NEG", "ROUND", "RSQRT", "SIN"), _FLOAT),
    **dict.fromkeys(("SQRT", "SQUARE"), _FLOAT),
    **dict.fromkeys(("LOGICAL_AND", "LOGICAL_NOT", "LOGICAL_OR"), _BOOL),
    **dict.fromkeys(("LOGISTIC", "SVDF", "TANH"), _INT8_OR_FLOAT),
    **dict.fromkeys(("ADD", "AVERAGE_POOL_2D", "CONV_2D", "DEPTHWISE_CONV_2D", "L2_NORMALIZATION"), _BYTES_OR_FLOAT),
    **dict.fromkeys(("MAX_POOL_2D", "MUL", "PRELU", "RELU", "RELU6", "RESIZE_NEAREST_NEIGHBOR"), _BYTES_OR_FLOAT),
    **dict.fromkeys(("FULLY_CONNECTED", "SUB"), _BYTES_OR_FLOAT),
    **dict.fromkeys(("EQUAL", "NOT_EQUAL"), _giving("BOOL", *_NUMBERS, "BOOL")),
    **dict.fromkeys(("GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL"), _giving("BOOL", *_NUMBERS)),
    **dict.fromkeys(("ARG_MAX", "ARG_MIN"), _giving("INT32", "FLOAT32", "INT8", "UINT8")),
    **dict.fromkeys(("CONCATENATION", "MAXIMUM", "MINIMUM", "PACK"), _alike(*_NUMBERS)),
    **dict.fromkeys(("PAD", "PADV2", "STRIDED_SLICE", "UNPACK"), _alike("FLOAT32", "INT32", "INT8", "UINT8")),
    "SPLIT": _alike("FLOAT32", "INT16", "INT32", "INT8", "UINT8"),
    "RESHAPE": _alike(*_ANY),
    "SHAPE": _giving("INT32", *_ANY),
    "SOFTMAX": _BYTES_OR_FLOAT | {("INT8", "INT16")},
    "QUANTIZE": _giving("INT8", "FLOAT32", "INT16") | _giving("UINT8", "FLOAT32"),
    "DEQUANTIZE": _giving("FLOAT32", "INT8", "UINT8", "INT16") | _giving("INT32", "INT8", "INT16"),
}

_DATA_IS_SECOND = ("SPLIT",)


def of(operator: Operator, model: Model) -> Types | None:
    """Types of what it computes, None where it lacks its data or output."""
    position = int(operator.name in _DATA_IS_SECOND)
    if len(operator.inputs) <= position or operator.inputs[position] < 0 or not operator.outputs:
        return None
    return model.tensors[operator.inputs[position]].dtype, model.tensors[operator.outputs[0]].dtype


def in_words(types: Types) -> str:
    """`int8`, or `int16 to int8`."""
    data, output = (one.lower() for one in types)
    return data if data == output else f"{data} to {output}"
