"""Which types TFLM's kernels compute. No list in the sources of 2020 says it: they find out as they run.

`tests/kernels/test_operator_types.py` boots a model for each entry, and for each pair of types that has none.
"""

from __future__ import annotations

import re

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

OF_CRATE: dict[str, frozenset[Types]] = {
    **dict.fromkeys(("ABS", "CEIL", "COS", "FLOOR", "LOG", "NEG", "ROUND", "RSQRT", "SIN"), _FLOAT),
    **dict.fromkeys(("SQRT", "SQUARE"), _FLOAT),
    **dict.fromkeys(("LOGICAL_AND", "LOGICAL_NOT", "LOGICAL_OR"), _BOOL),
    **dict.fromkeys(("LOGISTIC", "SVDF", "TANH"), _INT8_OR_FLOAT),
    **dict.fromkeys(("ADD", "AVERAGE_POOL_2D", "CONV_2D", "L2_NORMALIZATION"), _BYTES_OR_FLOAT),
    **dict.fromkeys(("MAX_POOL_2D", "MUL", "PRELU", "SUB"), _BYTES_OR_FLOAT),
    **dict.fromkeys(("EQUAL", "NOT_EQUAL"), _giving("BOOL", *_NUMBERS, "BOOL")),
    **dict.fromkeys(("GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL"), _giving("BOOL", *_NUMBERS)),
    **dict.fromkeys(("ARG_MAX", "ARG_MIN"), _giving("INT32", "FLOAT32", "INT8", "UINT8")),
    **dict.fromkeys(("CONCATENATION", "PACK"), _alike(*_NUMBERS)),
    "UNPACK": _alike("FLOAT32", "INT32", "INT8", "UINT8"),
    "SPLIT": _alike("FLOAT32", "INT16", "INT32", "INT8", "UINT8"),
    "RESHAPE": _alike(*_ANY),
    "SOFTMAX": _BYTES_OR_FLOAT | {("INT8", "INT16")},
    "DEQUANTIZE": _giving("FLOAT32", "INT8", "UINT8", "INT16") | _giving("INT32", "INT8", "INT16"),
}

DATA_OF_CRATE = {"SPLIT": 1}
"""Which input the types are those of, where it is not the first."""

_IN_SOURCE = re.compile(r"(?:input (?P<data>\d+): )?(?P<types>[A-Z0-9> ]+)")


def parsed(text: str) -> tuple[frozenset[Types], int]:
    """Types and data of a line in `firmware/third_party/tflm/kernels`, as operator.h there describes them."""
    found = _IN_SOURCE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} does not name types as operator.h asks")
    pairs = (one.split(">") for one in found["types"].split())
    return frozenset((pair[0], pair[-1]) for pair in pairs), int(found["data"] or 0)


def in_words(types: Types) -> str:
    """`int8`, or `int16 to int8`."""
    data, output = (one.lower() for one in types)
    return data if data == output else f"{data} to {output}"
