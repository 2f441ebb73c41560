"""What the reader refuses of each family of operators, and that it takes what is right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import tflite

from lab.errors import ModelError
from lab.model import Model
from tests.building import tiny_model
from tests.building.tiny_model import FLOAT32, INT8, INT32, Graph, Operator, Tensor

BOOL = tflite.TensorType.BOOL
RESOURCE = tflite.TensorType.RESOURCE


def known(*values: int) -> Tensor:
    """A constant of int32, a vector."""
    return Tensor((len(values),), INT32, np.array(values, np.int32).tobytes(), scale=None)


def of(*shape: int, kind: int = INT8) -> Tensor:
    return Tensor(shape, kind)


def pads(*values: int) -> Tensor:
    return Tensor((len(values) // 2, 2), INT32, np.array(values, np.int32).tobytes(), scale=None)


def named(value: object) -> str:
    return value if isinstance(value, str) else ""


def read(name: str, inputs: Sequence[Tensor], outputs: Sequence[Tensor], **options: int) -> Model:
    return Model.of(Path("one.tflite"), file_of(name, inputs, outputs, **options))


def file_of(name: str, inputs: Sequence[Tensor], outputs: Sequence[Tensor], **options: int) -> bytes:
    """A model of that operator, and a tensor that passes by it."""
    code = vars(tflite.BuiltinOperator)[name]
    tensors = [*inputs, *outputs, of(1)]
    taken, made, beside = range(len(inputs)), range(len(inputs), len(tensors) - 1), len(tensors) - 1
    graph = Graph(
        tensors,
        [Operator(code, taken, made, options=options)],
        inputs=[*(index for index in taken if not tensors[index].data), beside],
        outputs=[*made, beside],
    )
    return tiny_model.tflite_bytes(graph)


RIGHT = [
    ("RELU", [of(2, 3)], [of(2, 3)], {}),
    ("ADD", [of(2, 3), of(1, 3)], [of(2, 3)], {}),
    ("SUB", [of(2, 3), of()], [of(2, 3)], {}),
    ("EQUAL", [of(2, 3), of(3)], [of(2, 3, kind=BOOL)], {}),
    ("PRELU", [of(1, 4, 4, 2), of(1, 1, 2)], [of(1, 4, 4, 2)], {}),
    ("SELECT_V2", [of(3, kind=BOOL), of(2, 3), of()], [of(2, 3)], {}),
    ("CONCATENATION", [of(2, 3), of(2, 5)], [of(2, 8)], {"Axis": -1}),
    ("PACK", [of(2, 3), of(2, 3)], [of(2, 2, 3)], {"Axis": 1, "ValuesCount": 2}),
    ("UNPACK", [of(2, 3)], [of(3), of(3)], {"Axis": 0, "Num": 2}),
    ("SPLIT", [known(-1), of(2, 6)], [of(2, 3), of(2, 3)], {"NumSplits": 2}),
    ("SPLIT_V", [of(2, 6), known(1, -1), known(1)], [of(2, 1), of(2, 5)], {"NumSplits": 2}),
    ("GATHER", [of(5, 3), known(4, 0)], [of(2, 3)], {"Axis": 0}),
    ("GATHER_ND", [of(5, 3), Tensor((1, 2), INT32, np.array([4, 2], np.int32).tobytes(), scale=None)], [of(1)], {}),
    ("ARG_MAX", [of(2, 3), known(-1)], [of(2, kind=INT32)], {}),
    ("MEAN", [of(1, 4, 4, 2), known(1, 2)], [of(1, 2)], {}),
    ("SUM", [of(2, 3), known(1)], [of(2, 1)], {"KeepDims": 1}),
    ("CUMSUM", [of(2, 3), known(-2)], [of(2, 3)], {}),
    ("RESHAPE", [of(2, 6), known(3, -1)], [of(3, 4)], {}),
    ("EXPAND_DIMS", [of(2, 3), known(-1)], [of(2, 3, 1)], {}),
    ("TRANSPOSE", [of(2, 3, 4), known(2, 0, 1)], [of(4, 2, 3)], {}),
    ("PAD", [of(2, 3), pads(0, 0, 1, 2)], [of(2, 6)], {}),
    ("MIRROR_PAD", [of(2, 3), pads(1, 1, 2, 2)], [of(4, 7)], {"Mode": 0}),
    ("STRIDED_SLICE", [of(8, 6), known(-1, 1), known(-9, 4), known(-2, 1)], [of(4, 3)], {}),
    ("STRIDED_SLICE", [of(8, 6), known(7, 0), known(0, 0), known(1, 1)], [of(6)], {"ShrinkAxisMask": 1, "EndMask": 2}),
    ("SLICE", [of(8, 6), known(1, 0), known(3, -1)], [of(3, 6)], {}),
    ("SPACE_TO_BATCH_ND", [of(1, 4, 3), known(2), pads(1, 1)], [of(2, 3, 3)], {}),
    ("BATCH_TO_SPACE_ND", [of(2, 3, 3), known(2), pads(1, 1)], [of(1, 4, 3)], {}),
    ("SPACE_TO_DEPTH", [of(1, 4, 6, 2)], [of(1, 2, 3, 8)], {"BlockSize": 2}),
    ("DEPTH_TO_SPACE", [of(1, 2, 3, 8)], [of(1, 4, 6, 2)], {"BlockSize": 2}),
    ("TILE", [of(2, 3), known(2, 1)], [of(4, 3)], {}),
    ("BROADCAST_TO", [of(1, 3), known(2, 3)], [of(2, 3)], {}),
    ("FILL", [known(2, 3), of()], [of(2, 3)], {}),
    ("SHAPE", [of(2, 3)], [of(2, kind=INT32)], {}),
    ("BATCH_MATMUL", [of(5, 2, 3), of(4, 3)], [of(5, 2, 4)], {"AdjY": 1}),
    ("RESIZE_NEAREST_NEIGHBOR", [of(1, 2, 2, 3), known(4, 6)], [of(1, 4, 6, 3)], {}),
    ("TRANSPOSE_CONV", [known(1, 4, 4, 5), of(5, 2, 2, 3), of(1, 2, 2, 3)], [of(1, 4, 4, 5)],
     {"StrideH": 2, "StrideW": 2}),
    ("CONV_2D", [of(1, 4, 4, 4), of(6, 1, 1, 2)], [of(1, 4, 4, 6)],
     {"StrideH": 1, "StrideW": 1, "DilationHFactor": 1, "DilationWFactor": 1}),
]  # fmt: skip

WRONG = [
    ("RELU", [of(2, 3)], [of(2, 4)], {}, r"gives \[2, 3\]"),
    ("RELU", [of(2, 3)], [of(2, 3, kind=FLOAT32)], {}, "types are int8, float32"),
    ("ADD", [of(2, 3), of(2, 4)], [of(2, 4)], {}, "do not broadcast"),
    ("ADD", [of(2, 3), of(2, 3)], [of(1)], {}, r"gives \[2, 3\]"),
    ("ADD", [of(2, 3), of(2, 3), of(2, 3)], [of(2, 3)], {}, "must be 2 and 1, not 3 and 1"),
    ("MAXIMUM", [of(2, 3)], [of(2, 3)], {}, "must be 2 and 1, not 1 and 1"),
    ("LOGICAL_AND", [of(2, kind=BOOL), of(2, kind=BOOL)], [of(2)], {}, "not bool"),
    ("PRELU", [of(4, 2), of(4, 3)], [of(4, 2)], {}, "do not broadcast"),
    ("CONCATENATION", [of(2, 3), of(2, 5)], [of(2, 9)], {"Axis": 1}, r"gives \[2, 8\]"),
    ("CONCATENATION", [of(2, 3), of(2, 5)], [of(2, 8)], {"Axis": 0}, "another dimension than 0"),
    ("CONCATENATION", [of(2, 3), of(2, 5)], [of(2, 8)], {"Axis": 2}, "axis 2 is none of 2 dimensions"),
    ("PACK", [of(3), of(3)], [of(2, 3)], {"ValuesCount": 3}, "packs 3 tensors"),
    ("PACK", [of(3), of(3)], [of(6)], {"ValuesCount": 2}, r"gives \[2, 3\]"),
    ("UNPACK", [of(2, 3)], [of(3)], {"Num": 1}, "has 1 outputs"),
    ("UNPACK", [of(2, 3)], [of(3), of(2)], {"Num": 2}, r"gives \[3\]"),
    ("SPLIT", [known(1), of(2, 5)], [of(2, 2), of(2, 3)], {"NumSplits": 2}, "not divided by 2"),
    ("SPLIT", [known(3), of(2, 4)], [of(2, 2), of(2, 2)], {"NumSplits": 2}, "axis 3 is none"),
    ("SPLIT_V", [of(2, 6), known(1, 4), known(1)], [of(2, 1), of(2, 4)], {"NumSplits": 2}, "do not make up"),
    ("GATHER", [of(5, 3), known(5)], [of(1, 3)], {"Axis": 0}, "index 5 is none of 5"),
    ("GATHER", [of(5, 3), known(1)], [of(5, 1)], {"Axis": 7}, "axis 7 is none"),
    ("GATHER", [of(100, 100), known(*[1] * 50)], [of(12)], {"Axis": 0}, r"gives \[50, 100\]"),
    ("ARG_MAX", [of(2, 3), known(2)], [of(2, kind=INT32)], {}, "axis 2 is none"),
    ("ARG_MAX", [of(2, 3), known(1)], [of(2)], {}, "not int32 or int64"),
    ("MEAN", [of(1, 4, 4, 2), known(1, 4)], [of(1, 2)], {}, "axis 4 is none"),
    ("SUM", [of(2, 3), known(1)], [of(3)], {}, r"gives \[2\]"),
    ("RESHAPE", [of(2, 6), known(3, 5)], [of(3, 5)], {}, "12 values do not become 15"),
    ("TRANSPOSE", [of(2, 3, 4), known(2, 0, 0)], [of(4, 2, 3)], {}, "is no order of 3 dimensions"),
    ("TRANSPOSE", [of(2, 3, 4), known(2, 0, 1)], [of(2, 3, 4)], {}, r"gives \[4, 2, 3\]"),
    ("PAD", [of(2, 3), pads(0, 0, 1, 2)], [of(2, 5)], {}, r"gives \[2, 6\]"),
    ("PAD", [of(2, 3), pads(0, 0)], [of(2, 3)], {}, "2 pads for 2 dimensions"),
    ("MIRROR_PAD", [of(2, 3), pads(2, 0, 0, 0)], [of(4, 3)], {"Mode": 0}, "mirror more than there is"),
    ("STRIDED_SLICE", [of(8), known(0), known(8), known(0)], [of(8)], {}, "a stride is 0"),
    ("STRIDED_SLICE", [of(8), known(9), known(10), known(1)], [of()], {"ShrinkAxisMask": 1}, "index 9 is none"),
    ("STRIDED_SLICE", [of(8), known(1), known(7), known(2)], [of(4)], {}, r"gives \[3\]"),
    ("SLICE", [of(8), known(4), known(5)], [of(5)], {}, "are not all in it"),
    ("SLICE", [of(8), known(4), Tensor((1,), data=b"\1")], [of(1)], {}, "are not int32 or int64"),
    ("SPACE_TO_BATCH_ND", [of(1, 4, 3), known(2), pads(0, 0)], [of(1, 2, 3)], {}, "with a fixed batch"),
    ("SPACE_TO_DEPTH", [of(1, 4, 6, 2)], [of(1, 2, 3, 8)], {"BlockSize": 0}, "blocks of 0"),
    ("TILE", [of(2, 3), known(2, 2)], [of(4, 3)], {}, r"gives \[4, 6\]"),
    ("BROADCAST_TO", [of(2, 3), known(2, 4)], [of(2, 4)], {}, "do not broadcast"),
    ("FILL", [known(2, 3), of()], [of(6, 6)], {}, r"gives \[2, 3\]"),
    ("BATCH_MATMUL", [of(2, 3), of(4, 3)], [of(2, 3)], {}, "3 columns and 4 rows"),
    ("WHILE", [of(2)], [of(2)], {"CondSubgraphIndex": 1, "BodySubgraphIndex": 2}, "calls subgraph 1 of 1"),
    ("CALL_ONCE", [], [], {"InitSubgraphIndex": 0}, "calls subgraph 0 of 1"),
    ("VAR_HANDLE", [], [of(2)], {}, "names no variable"),
    ("ASSIGN_VARIABLE", [of(2), of(2)], [], {}, "is no variable"),
    ("AVERAGE_POOL_2D", [of(1, 4, 4, 2)], [of(1, 2, 2, 2)], {"FilterHeight": 2, "FilterWidth": 2}, r"strides \(0, 0\)"),
]


@pytest.mark.parametrize(
    ("name", "inputs", "outputs", "options"), RIGHT, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_operator_that_fits_is_read(name, inputs, outputs, options):
    assert [one.name for one in read(name, inputs, outputs, **options).operators] == [name]


@pytest.mark.produces("operator-misfit")
@pytest.mark.parametrize(
    ("name", "inputs", "outputs", "options", "why"), WRONG, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_operator_that_does_not_fit_is_refused_with_its_tensors(name, inputs, outputs, options, why):
    with pytest.raises(ModelError, match=rf"one\.tflite cannot run: operator 0 {name} \(.*: .*{why}") as error:
        read(name, inputs, outputs, **options)
    assert error.value.code == "operator-misfit"


@pytest.mark.parametrize(
    ("inputs", "what"), [([of(2**14, 2**13)], "a tensor '' of 134,217,728"), ([of(2**13, 2**12)] * 40, "tensors of")]
)
def test_tensors_that_no_board_holds_are_refused_before_anything_is_allocated(inputs, what):
    with pytest.raises(ModelError, match=f"has {what}.* bytes; no microcontroller holds that") as error:
        read("ADD_N", inputs, [inputs[0]])
    assert error.value.code == "model-too-large"
