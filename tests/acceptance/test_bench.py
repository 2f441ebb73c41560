"""`lab bench` on models of other people, whose files the tfmicro crate carries."""

from __future__ import annotations

import json

import pytest

from lab.building import tflm
from lab.cli import main
from tests.building import tiny_model

from .bench import Checkout

NETWORK = "firmware/runtime/network.cc"


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
