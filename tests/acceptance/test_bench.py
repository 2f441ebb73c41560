"""`lab bench` on models of other people, whose files the tfmicro crate carries."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from lab.building import tflm
from lab.cli import main
from tests.building import tiny_model

from .bench import Checkout

NETWORK = "firmware/runtime/network.cc"
TRACE = "firmware/runtime/operator_trace.cc"


@pytest.fixture
def hello_world():
    """int8 within, float outside: a sine of three dense layers. Its arena is larger while TFLM plans than after."""
    return tflm.source().root.parents[1] / "examples/models/hello_world.tflite"


def benched(capsys, *arguments):
    code = main(["bench", *map(str, arguments), "--target", "nano33ble", "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out)[0] if code < 2 else said.err


def test_a_foreign_model_equals_the_host_and_its_operators_add_up(capsys, hello_world):
    code, outcome = benched(capsys, hello_world)
    assert code == 0
    assert outcome["agreement"]["differing"] == 0
    assert [one["name"] for one in outcome["operators"]] == ["QUANTIZE", *["FULLY_CONNECTED"] * 3, "DEQUANTIZE"]
    assert [one["macs"] for one in outcome["operators"]] == [0, 16, 256, 16, 0]
    inside = sum(one["instructions"] for one in outcome["operators"])
    assert 0.9 * outcome["instructions"] < inside < outcome["instructions"]
    assert outcome["arena_used_bytes"] < outcome["arena_smallest_bytes"]


def test_a_reshape_by_sizes_that_the_model_computes_equals_the_host(capsys, tmp_path):
    file = tmp_path / "reshape.tflite"
    file.write_bytes(tiny_model.tflite_bytes(tiny_model.reshape_by_its_own_sizes()))
    code, outcome = benched(capsys, file)
    assert code == 0
    assert outcome["agreement"]["differing"] == 0
    assert [one["name"] for one in outcome["operators"]] == ["SHAPE", "STRIDED_SLICE", "PACK", "RESHAPE"]


def test_a_model_of_uint8_that_todays_tflm_refuses_equals_litert(capsys, hello_world):
    pytest.importorskip("ai_edge_litert", reason="LiteRT is of the extras litert and dev")
    code, outcome = benched(capsys, hello_world.with_name("micro_speech.tflite"))
    assert code == 0
    assert outcome["compared_with"] == "LiteRT's reference kernels"
    assert outcome["agreement"]["differing"] == 0


def test_firmware_that_spoils_the_output_fails(capsys, checkout: Checkout, tiny):
    spoiled = (
        "  lab_mark(mark::kInferenceEnded);\n",
        "  lab_mark(mark::kInferenceEnded);\n  output(0)->data.int8[3] ^= 1;\n",
    )
    with checkout.edited(NETWORK, spoiled):
        code, outcome = benched(capsys, tiny)
    assert code == 1
    assert outcome["agreement"]["first"].startswith("output 0, element 3: ")


@pytest.fixture
def floats(tmp_path):
    """Four features to three scores, by a dense layer and a softmax."""
    graph = tiny_model.classifier((1, 4), labels=3)
    for tensor in graph.tensors:
        tensor.type, tensor.scale = tiny_model.FLOAT32, None
        if tensor.data:
            count = math.prod(tensor.shape)
            tensor.data = np.linspace(-1, 1, count, dtype=np.float32).tobytes()
    graph.operators[0].version = 1
    graph.operators[1].version = 1
    file = tmp_path / "floats.tflite"
    file.write_bytes(tiny_model.tflite_bytes(graph))
    return file


@pytest.mark.parametrize(
    ("off", "tolerance", "code"), [("1e-7f", "1e-5", 0), ("0.25f", "1e-5", 1), ("0.25f", "0.5", 0), ("NAN", "0.5", 1)]
)
def test_a_float_beyond_the_tolerance_fails_and_its_operator_is_named(
    capsys, checkout: Checkout, floats, off, tolerance, code
):
    """The first operator and the output are off by as much."""
    spoiled = (
        "  lab_mark(mark::kInferenceEnded);\n",
        f"  lab_mark(mark::kInferenceEnded);\n  output(0)->data.f[1] += {off};\n",
    )
    traced = (
        '  JsonLine line("operator");\n',
        f'  if (next_index == 0) ((float*)output.data)[2] += {off};\n  JsonLine line("operator");\n',
    )
    headers = ("#include <array>\n", "#include <array>\n#include <cmath>\n")
    with (
        checkout.edited(NETWORK, spoiled, ("#include <cstring>\n", "#include <cmath>\n#include <cstring>\n")),
        checkout.edited(TRACE, traced, headers),
    ):
        found, outcome = benched(capsys, floats, "--tolerance", tolerance)
    assert found == code
    (output,) = outcome["outputs"]
    assert (output["type"], output["shape"], len(output["values"])) == ("float32", [1, 3], 3)
    assert outcome["agreement"]["differing"] == 1
    if code == 1:
        assert outcome["agreement"]["first"].startswith("output 0, element 1: device ")
        assert outcome["differs_at"].startswith("operator 0 FULLY_CONNECTED, element 2: device ")
    if off == "NAN":
        assert output["values"][1] == "NaN"
