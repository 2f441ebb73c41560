"""Which kernel computes an operator, as the firmware is told in `model_operators.h`."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.building import generated, kernels, tflm
from lab.model import Model
from tests.building.tiny_model import tflite_bytes
from tests.kernels import one_operator


def lines(folder: Path, nano33ble, name: str, types: str, version: int) -> list[str]:
    """The lines for a model of one operator, with CMSIS-NN."""
    file = folder / "model.tflite"
    file.write_bytes(tflite_bytes(one_operator.model(name, types, types, version)))
    generated.write(folder / "made", {}, Model.read(file), 1024, tflm.source(), kernels.choose(nano33ble, "cmsis-nn"))
    return (folder / "made" / "model_operators.h").read_text().splitlines()


@pytest.mark.parametrize(
    ("name", "types", "version", "expected"),
    [
        ("FULLY_CONNECTED", "INT8", 4, "OURS(FULLY_CONNECTED, AddFullyConnected, fully_connected, 4)"),
        ("FULLY_CONNECTED", "INT8", 5, "OURS(FULLY_CONNECTED, AddFullyConnected, fully_connected_16x8, 5)"),
        ("FULLY_CONNECTED", "INT16", 4, "TFLMS(FULLY_CONNECTED, AddFullyConnected, Register_FULLY_CONNECTED_16X8, 4)"),
        ("FULLY_CONNECTED", "FLOAT32", 1, "TFLMS(FULLY_CONNECTED, AddFullyConnected, Register_FULLY_CONNECTED, 1)"),
        ("CONV_2D", "INT8", 3, "OURS(CONV_2D, AddConv2D, conv_2d, 3)"),
        ("CONV_2D", "UINT8", 1, "TFLMS(CONV_2D, AddConv2D, Register_CONV_2D, 1)"),
        ("CONV_2D", "INT16", 4, "TFLMS(CONV_2D, AddConv2D, Register_CONV_2D_16X8, 4)"),
        ("ABS", "INT8", 2, "TFLMS(ABS, AddAbs, Register_ABS_QUANTISED, 2)"),
        ("ADD", "INT8", 2, "TFLMS(ADD, AddAdd, Register_ADD, 2)"),
        ("ADD", "INT16", 4, "TFLMS(ADD, AddAdd, Register_ADD_INT16, 4)"),
        ("QUANTIZE", "INT8", 2, "TFLMS(QUANTIZE, AddQuantize, Register_REQUANTIZE, 2)"),
    ],
)
def test_a_library_computes_int8_in_layers_of_any_version(tmp_path, nano33ble, name, types, version, expected):
    assert lines(tmp_path, nano33ble, name, types, version) == [expected]


def test_an_operator_later_than_the_crate_has_its_code_and_a_reader_for_it(tmp_path, nano33ble):
    expected = ["#define LAB_LATER_OPERATORS", "LATER(CUMSUM, 128, Register_CUMSUM, 1)"]
    assert lines(tmp_path, nano33ble, "CUMSUM", "FLOAT32", 1) == expected
