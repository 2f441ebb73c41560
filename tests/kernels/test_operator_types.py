"""What the lab says of types before it builds is what the device does: each operator of the crate, with each type."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from lab import building, target
from lab.benching.application import Bench
from lab.building import operators, registered, tflm
from lab.building.registered import Registered
from lab.elf import Firmware
from lab.engines import selection
from lab.errors import ModelError
from lab.model import Model
from tests.building.tiny_model import FLOAT32, Graph, Tensor, tflite_bytes
from tests.kernels import one_operator

ARENA = 32_768
REGISTERED = {one.function: one for found in registered.of(tflm.source()).values() for one in found}
WHOLE = {found[-1].function for found in registered.of(tflm.source()).values()}
"""Of each operator the function that takes most; a model whose operators need it gets it."""
TYPES = tuple(one_operator.SIZES)
PLAIN = REGISTERED.keys() - WHOLE
NEVER_ASK = ("LOGICAL_AND", "LOGICAL_OR")
"""Kernels that take the bytes of every type for those of booleans."""


def pairs(name: str) -> list[tuple[str, str]]:
    """Data and output types with which the operator is tried: those that a converter could write."""
    if name in ("CAST", "QUANTIZE", "DEQUANTIZE"):
        return [(data, output) for data in TYPES for output in TYPES]
    if name in one_operator.COMPARISONS:
        return [(data, "BOOL") for data in TYPES]
    if name in one_operator.BY_AXIS:
        return [(data, index) for data in TYPES for index in ("INT32", "INT64")]
    if name == "SHAPE":
        return [(data, "INT32") for data in TYPES]
    more = {"SOFTMAX": [("INT8", "INT16")], "FULLY_CONNECTED": [("UINT8", "INT16"), ("INT8", "INT16")]}
    return [(data, data) for data in TYPES] + more.get(name, [])


def claimed(function: Registered) -> list[Graph]:
    """A model for each pair of types that it is said to compute."""
    assert function.types is not None
    assert function.highest is not None
    return [one_operator.model(function.name, *types, function.highest) for types in sorted(function.types)]


def with_all(functions: list[Registered], folder: Path) -> Firmware:
    """The bench with these functions, and room for the models that take its model's place."""
    path = folder / "all.tflite"
    path.write_bytes(tflite_bytes(one_operator.side_by_side([one for each in functions for one in claimed(each)])))
    every = Model.read(path)
    return building.image(Bench(every), target.load("nano33ble"), every, ARENA, kernels_name="reference").firmware


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Firmware:
    """Every operator, by the function that takes most of it."""
    return with_all([REGISTERED[name] for name in sorted(WHOLE)], tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def plain_image(tmp_path_factory: pytest.TempPathFactory) -> Firmware:
    """The functions that take less than another of the same operator."""
    return with_all([REGISTERED[name] for name in sorted(PLAIN)], tmp_path_factory.mktemp("model"))


def said(image: Firmware, model: bytes) -> str:
    """The last line of a device that ran the model, or that did not."""
    with selection.select("builtin").machine(target.load("nano33ble")) as machine:
        machine.load(image)
        machine.write(image.symbol("lab_model").address, model)
        machine.run(until=lambda line: any(f'"{event}"' in line for event in ("result", "error", "fault")), limit=2)
        return machine.lines()[-1]


def test_every_operator_of_the_crate_has_its_types():
    assert not [one.function for one in REGISTERED.values() if one.types is None]


@pytest.mark.parametrize("function", sorted(REGISTERED))
def test_the_device_runs_the_types_that_are_said_and_no_others(function, request):
    image = request.getfixturevalue("image" if function in WHOLE else "plain_image")
    name, highest = REGISTERED[function].name, REGISTERED[function].highest
    tried = {types: said(image, tflite_bytes(one_operator.model(name, *types, highest))) for types in pairs(name)}
    runs = {types for types, line in tried.items() if '"result"' in line}
    if name in NEVER_ASK:
        runs &= {("BOOL", "BOOL")}
    assert runs == REGISTERED[function].types, "\n".join(f"{types}: {line}" for types, line in tried.items())


def of_five_dimensions(name: str, *shapes: tuple[int, ...]) -> Graph:
    graph = one_operator.model(name, "FLOAT32", "BOOL" if name in one_operator.COMPARISONS else "FLOAT32")
    for tensor, shape in zip(graph.tensors, (*shapes, (1, 2, 2, 2, 2)), strict=True):
        tensor.shape = shape
        if tensor.data:
            tensor.data = bytes(4 * math.prod(shape))
    return graph


def with_an_output_unread() -> Graph:
    graph = one_operator.model("UNPACK", "FLOAT32", "FLOAT32")
    graph.outputs = graph.outputs[:1]
    return graph


def with_an_input_unread() -> Graph:
    graph = one_operator.model("RELU", "FLOAT32", "FLOAT32")
    graph.tensors.append(Tensor((1,), FLOAT32, scale=None))
    graph.inputs.append(2)
    return graph


CUBES = (1, 2, 2, 2, 2)
BEYOND_THE_CRATE = {
    "ADD that broadcasts 5 dimensions (it has 4)": of_five_dimensions("ADD", CUBES, ()),
    "LESS that broadcasts 5 dimensions (it has 4)": of_five_dimensions("LESS", CUBES, (1, 1, 1, 1, 2)),
    "PRELU that broadcasts 5 dimensions (it has 4)": of_five_dimensions("PRELU", CUBES, (1, 1, 1, 1, 2)),
    "UNPACK with an output that nothing reads": with_an_output_unread(),
    "a model input that nothing reads": with_an_input_unread(),
}


@pytest.mark.parametrize(("problem", "graph"), BEYOND_THE_CRATE.items(), ids=list(BEYOND_THE_CRATE))
def test_what_the_device_does_not_do_is_refused_before_the_build(image, tmp_path: Path, problem, graph):
    path = tmp_path / "model.tflite"
    path.write_bytes(tflite_bytes(graph))
    with pytest.raises(ModelError, match=rf"lacks: {re.escape(problem)}\.$"):
        operators.used(Model.read(path), tflm.source())
    assert '"result"' not in said(image, path.read_bytes())


def test_an_lstm_runs_with_the_tensors_that_a_converter_leaves_for_what_is_between_its_gates(image):
    graph = one_operator.model("UNIDIRECTIONAL_SEQUENCE_LSTM", "INT8", "INT8")
    graph.tensors += [Tensor((0,), FLOAT32, scale=None), Tensor((0,))]
    assert '"result"' in said(image, tflite_bytes(graph))


def test_five_dimensions_of_one_shape_are_added(image, tmp_path: Path):
    path = tmp_path / "model.tflite"
    path.write_bytes(tflite_bytes(of_five_dimensions("ADD", CUBES, CUBES)))
    assert operators.used(Model.read(path), tflm.source())
    assert '"result"' in said(image, path.read_bytes())
