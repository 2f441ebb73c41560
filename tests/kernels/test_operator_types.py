"""What the lab says of types before it builds is what the device does: each operator of the crate, with each type."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from lab import building, target
from lab.benching.application import Bench
from lab.building import operator_types, operators, tflm
from lab.elf import Firmware
from lab.engines import selection
from lab.errors import ModelError
from lab.model import Model
from tests.building.tiny_model import FLOAT32, Graph, Tensor, tflite_bytes
from tests.kernels import one_operator

ARENA = 32_768
REGISTERED = operators.of(tflm.source())
TYPES = tuple(one_operator.SIZES)
NEVER_ASK = ("LOGICAL_AND", "LOGICAL_OR")
"""Kernels that take the bytes of every type for those of booleans."""


def newest(name: str) -> int:
    """The highest version that the crate takes."""
    highest = REGISTERED[name].highest
    assert highest is not None
    return highest


def pairs(name: str) -> list[tuple[str, str]]:
    """Data and output types with which the operator is tried: those that a converter could write."""
    if name in ("QUANTIZE", "DEQUANTIZE"):
        return [(data, output) for data in TYPES for output in TYPES]
    if name in one_operator.COMPARISONS:
        return [(data, "BOOL") for data in TYPES]
    if name in (*one_operator.BY_AXIS, "SHAPE"):
        return [(data, "INT32") for data in TYPES]
    more = {"SOFTMAX": [("INT8", "INT16")], "FULLY_CONNECTED": [("UINT8", "INT16"), ("INT8", "INT16")]}
    return [(data, data) for data in TYPES] + more.get(name, [])


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Firmware:
    """The bench with every operator of the crate, and room for the models that take its model's place."""
    claimed = [one_operator.model(name, *min(types), newest(name)) for name, types in operator_types.COMPUTED.items()]
    path = tmp_path_factory.mktemp("model") / "all.tflite"
    path.write_bytes(tflite_bytes(one_operator.side_by_side(claimed)))
    every = Model.read(path)
    return building.image(Bench(every), target.load("nano33ble"), every, ARENA, kernels_name="reference").firmware


def said(image: Firmware, model: bytes) -> str:
    """The last line of a device that ran the model, or that did not."""
    with selection.select("builtin").machine(target.load("nano33ble")) as machine:
        machine.load(image)
        machine.write(image.symbol("lab_model").address, model)
        machine.run(until=lambda line: any(f'"{event}"' in line for event in ("result", "error", "fault")), limit=2)
        return machine.lines()[-1]


def test_every_operator_of_the_crate_has_its_types():
    assert operator_types.COMPUTED.keys() == REGISTERED.keys()


@pytest.mark.parametrize("name", sorted(REGISTERED))
def test_the_device_runs_the_types_that_are_said_and_no_others(image, name):
    tried = {types: said(image, tflite_bytes(one_operator.model(name, *types, newest(name)))) for types in pairs(name)}
    runs = {types for types, line in tried.items() if '"result"' in line}
    if name in NEVER_ASK:
        runs &= {("BOOL", "BOOL")}
    assert runs == operator_types.COMPUTED[name], "\n".join(f"{types}: {line}" for types, line in tried.items())


def test_mean_of_int8_is_refused_before_the_build(tmp_path: Path):
    path = tmp_path / "mean.tflite"
    path.write_bytes(tflite_bytes(one_operator.model("MEAN", "INT8", "INT8", version=2)))
    with pytest.raises(ModelError, match=r"lacks: MEAN of int8 \(it has float32\)"):
        operators.used(Model.read(path), tflm.source())


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


def mean_over_channels() -> Graph:
    graph = one_operator.model("MEAN", "FLOAT32", "FLOAT32", version=2)
    graph.tensors[1].shape, graph.tensors[1].data = (1,), (3).to_bytes(4, "little")
    graph.tensors[2].shape = (1, 4, 4, 1)
    return graph


CUBES = (1, 2, 2, 2, 2)
BEYOND_THE_CRATE = {
    "ADD that broadcasts 5 dimensions (it has 4)": of_five_dimensions("ADD", CUBES, ()),
    "LESS that broadcasts 5 dimensions (it has 4)": of_five_dimensions("LESS", CUBES, (1, 1, 1, 1, 2)),
    "PRELU that broadcasts 5 dimensions (it has 4)": of_five_dimensions("PRELU", CUBES, (1, 1, 1, 1, 2)),
    "MEAN of anything but the rows and columns of an image": mean_over_channels(),
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


def test_five_dimensions_of_one_shape_are_added(image, tmp_path: Path):
    path = tmp_path / "model.tflite"
    path.write_bytes(tflite_bytes(of_five_dimensions("ADD", CUBES, CUBES)))
    assert operators.used(Model.read(path), tflm.source())
    assert '"result"' in said(image, path.read_bytes())


def test_a_maximum_of_five_dimensions_is_refused_though_the_device_gives_numbers(tmp_path: Path):
    path = tmp_path / "model.tflite"
    path.write_bytes(tflite_bytes(of_five_dimensions("MAXIMUM", CUBES, CUBES)))
    with pytest.raises(ModelError, match=r"lacks: MAXIMUM that broadcasts 5 dimensions \(it has 4\)\.$"):
        operators.used(Model.read(path), tflm.source())
