"""`lab bench` on models of other people, whose files the tfmicro crate carries."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from lab.benching import board
from lab.building import tflm, upstream
from lab.cli import main
from tests.building import tiny_model
from tests.docs.documents import table
from tests.docs.kept import DOCS, says

from .bench import Checkout

NETWORK = "firmware/runtime/network.cc"
TRACE = "firmware/runtime/operator_trace.cc"
OPERATORS = "firmware/runtime/operators.cc"
BENCH = "firmware/apps/bench/main.cc"


@pytest.fixture
def hello_world():
    """int8 within, float outside: a sine of three dense layers. Its arena is larger while TFLM plans than after."""
    return tflm.source().root.parents[1] / "examples/models/hello_world.tflite"


def benched(capsys, *arguments):
    code = main(["bench", *map(str, arguments), "--target", "nano33ble", "--json"])
    said = capsys.readouterr()
    found = json.loads(said.out or "[]")
    return code, found[0] if found else said.err


def test_a_foreign_model_equals_the_host_and_its_operators_add_up(capsys, hello_world):
    code, outcome = benched(capsys, hello_world)
    assert code == 0
    assert outcome["agreement"]["differing"] == 0
    assert [one["name"] for one in outcome["operators"]] == ["QUANTIZE", *["FULLY_CONNECTED"] * 3, "DEQUANTIZE"]
    assert [one["macs"] for one in outcome["operators"]] == [0, 16, 256, 16, 0]
    inside = sum(one["instructions"] for one in outcome["operators"])
    assert 0.9 * outcome["instructions"] < inside < outcome["instructions"]
    assert outcome["arena_used_bytes"] < outcome["arena_smallest_bytes"]


def test_the_kernels_of_each_operator_are_those_that_ran(capsys, hello_world):
    """One scale for all weights and int8 within; magic_wand is of floats, which no library computes."""
    code, outcome = benched(capsys, hello_world, "--expect-kernels", "cmsis-nn")
    assert (code, outcome["kernels"]) == (0, "cmsis-nn")
    assert [one["kernels"] for one in outcome["operators"]] == ["reference", *["cmsis-nn"] * 3, "reference"]
    code, outcome = benched(capsys, hello_world.with_name("magic_wand.tflite"), "--expect-kernels", "cmsis-nn")
    assert (code, outcome["kernels"]) == (1, "reference")
    assert outcome["expected_kernels"]["others"] == [0, 1, 2, 3, 4, 5]
    code, outcome = benched(capsys, hello_world, "--expect-kernels", "esp-nn", "--kernels", "esp-nn")
    assert code == 0
    assert [one["kernels"] for one in outcome["operators"]] == ["reference", *["esp-nn"] * 3, "reference"]


@pytest.mark.parametrize("name", ["hello_world", "magic_wand", "micro_speech", "person_detection"])
def test_a_model_of_the_crate_takes_what_the_page_says(capsys, hello_world, name):
    file = "person_detection_grayscale" if name == "person_detection" else name
    _, outcome = benched(capsys, hello_world.with_name(f"{file}.tflite"))
    (cells,) = (cells for cells in table(DOCS / "bench.md", "Models that were tried") if cells[0] == name)
    found = ("instructions", "cycles", "latency_ms", "arena_smallest_bytes", "flash_bytes")
    shown = dict(zip(found, cells[3:], strict=True))
    assert {metric: outcome[metric] for metric in found if not says(shown[metric], outcome[metric])} == {}


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


STATEFUL = """\
TfLiteStatus (*right_invoke)(TfLiteContext*, TfLiteNode*) = nullptr;

TfLiteStatus stateful_invoke(TfLiteContext* context, TfLiteNode* node) {
  static int inferences = 0;
  const TfLiteStatus status = right_invoke(context, node);
  if (++inferences > 3) {
    WHAT_IT_DOES
  }
  return status;
}

TfLiteRegistration* spoilt(tflite::BuiltinOperator code, TfLiteRegistration* registration) {
  if (code == tflite::BuiltinOperator_SOFTMAX) {
    right_invoke = registration->invoke;
    registration->invoke = stateful_invoke;
  }
  return registration;
}

"""
FLIPS_A_BIT = "static_cast<uint8_t*>(const_cast<void*>(tflm::output_of(context, node).data))[7] ^= 0x40;"
ADD_OPERATOR = "void add(Resolver& resolver, tflite::BuiltinOperator code, "
REGISTRATION = "AddBuiltin(code, &registration, "


def wrong_after_three(checkout: Checkout, what_it_does: str):
    """Firmware whose SOFTMAX is right in three inferences, and does that in all others."""
    return checkout.edited(
        OPERATORS,
        (ADD_OPERATOR, STATEFUL.replace("WHAT_IT_DOES", what_it_does) + ADD_OPERATOR),
        (REGISTRATION, "AddBuiltin(code, spoilt(code, &registration), "),
    )


def test_a_kernel_that_is_right_three_times_and_wrong_after_is_named(capsys, checkout: Checkout, tiny):
    with wrong_after_three(checkout, FLIPS_A_BIT):
        assert benched(capsys, tiny, "--repeat", 3)[0] == 0
        code, outcome = benched(capsys, tiny, "--repeat", 6)
    assert code == 1
    assert [one["agreement"]["differing"] for one in outcome["inferences"]] == [0, 0, 0, 1, 1, 1]
    assert outcome["agreement"]["first"].startswith("inference 3, output 0, element 7: device ")
    assert outcome["differs_at"].startswith("inference 3, operator 1 SOFTMAX, element 7: device ")


@pytest.mark.parametrize(
    ("what_it_does", "error"),
    [
        (
            "for (volatile bool on = true; on;) {}",
            "error[device-silent]: bench.elf on nano33ble printed no result line ",
        ),
        ("*reinterpret_cast<volatile int*>(0xF8000000) = 1;", "error[device-fault]: "),
    ],
    ids=["an endless loop", "a fault"],
)
def test_a_device_that_does_not_come_to_an_end_is_told_with_its_operator(
    capsys, monkeypatch, checkout: Checkout, tiny, what_it_does, error
):
    monkeypatch.setattr(board, "LIMIT_S", 0.5)
    with wrong_after_three(checkout, what_it_does):
        code, said = benched(capsys, tiny, "--repeat", 5)
    assert code == 1
    (told,) = (line for line in said.splitlines() if line.startswith("error["))
    assert told.startswith(error)
    assert told.endswith(", in operator 1 SOFTMAX (int8[1, 12] to int8[1, 12]) of inference 3.")


def test_an_input_that_is_not_put_in_anew_is_found_at_the_second_inference(capsys, checkout: Checkout, tiny, tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).integers(-128, 127, (4, 49, 40, 1), np.int8))
    anew = "    lab::put_inputs();\n"
    with checkout.edited(BENCH, (anew, f"    if (static bool done = false; !done) {{\n  {anew}  done = true;\n}}\n")):
        code, outcome = benched(capsys, tiny, "--input", tmp_path / "x.npy")
    assert code == 1
    assert [one["agreement"]["differing"] > 0 for one in outcome["inferences"]] == [False, True, True, True]
    assert outcome["differs_at"].startswith("inference 1, operator 0 FULLY_CONNECTED, element ")


def test_a_batch_equals_the_host_item_by_item_and_its_accuracy_is_limited(capsys, tiny, tmp_path):
    items = np.random.default_rng(0).integers(-128, 127, (5, 49, 40, 1), np.int8)
    np.savez(tmp_path / "x.npz", input0=items, labels=np.zeros(5, int))
    code, outcome = benched(capsys, tiny, "--input", tmp_path / "x.npz")
    assert code == 0
    classes = [int(np.argmax(one["outputs"][0])) for one in outcome["inferences"]]
    assert [one["device_class"] for one in outcome["inferences"]] == classes
    assert [one["host_class"] for one in outcome["inferences"]] == classes
    assert outcome["accuracy"] == {
        "labelled": 5,
        "device_right": classes.count(0),
        "host_right": classes.count(0),
        "minimum": None,
    }
    (tmp_path / "right.txt").write_text("\n".join(map(str, classes)))
    assert (
        benched(capsys, tiny, "--input", tmp_path / "x.npz", "--labels", tmp_path / "right.txt", "--min-accuracy", 1)[0]
        == 0
    )
    (tmp_path / "wrong.txt").write_text("\n".join(map(str, [(classes[0] + 1) % 12, *classes[1:]])))
    code, outcome = benched(
        capsys, tiny, "--input", tmp_path / "x.npz", "--labels", tmp_path / "wrong.txt", "--min-accuracy", 0.9
    )
    assert code == 1
    assert outcome["accuracy"]["device_right"] == 4


@pytest.mark.parametrize("graph", [tiny_model.remembering, tiny_model.remembering_int8])
def test_a_model_that_remembers_equals_the_host_over_twenty_steps(capsys, tmp_path, graph):
    (tmp_path / "svdf.tflite").write_bytes(tiny_model.tflite_bytes(graph()))
    kind = np.float32 if graph is tiny_model.remembering else np.int8
    np.save(tmp_path / "x.npy", np.random.default_rng(1).uniform(-100, 100, (20, 8)).astype(kind))
    code, outcome = benched(capsys, tmp_path / "svdf.tflite", "--input", tmp_path / "x.npy")
    assert code == 0
    assert outcome["compared_with"] == "TFLM"
    assert (outcome["agreement"]["differing"], len(outcome["inferences"])) == (0, 20)
    np.save(tmp_path / "y.npy", np.load(tmp_path / "x.npy")[-1:])
    _, alone = benched(capsys, tmp_path / "svdf.tflite", "--input", tmp_path / "y.npy")
    assert alone["inferences"][0]["outputs"] != outcome["inferences"][-1]["outputs"]


def test_a_variable_that_a_second_subgraph_fills_keeps_its_value_with_todays_tflm(capsys, tmp_path):
    if upstream.installed() is None:
        pytest.skip("today's TFLM is not installed: `lab setup tflm`")
    model = tmp_path / "counting.tflite"
    model.write_bytes(tiny_model.tflite_bytes(tiny_model.counting()))
    given = np.arange(12, dtype=np.int8).reshape(3, 1, 4)
    np.save(tmp_path / "given.npy", given)
    code, outcome = benched(capsys, model, "--tflm", "upstream", "--input", tmp_path / "given.npy")
    assert code == 0, outcome
    assert [one["outputs"][0] for one in outcome["inferences"]] == (5 + given.cumsum(axis=0)).reshape(3, 4).tolist()
    assert [one["name"] for one in outcome["operators"]] == [
        "CALL_ONCE",
        "VAR_HANDLE",
        "READ_VARIABLE",
        "ADD",
        "ASSIGN_VARIABLE",
    ]
    code, said = benched(capsys, model)
    assert code == 2
    assert "lacks: CALL_ONCE, VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE" in said
    assert "lab setup tflm" in said


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
