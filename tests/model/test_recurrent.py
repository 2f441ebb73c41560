"""What the reader refuses of an LSTM and of an SVDF: their kernels trust every shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.errors import ModelError
from lab.model import Model
from tests.building import tiny_model
from tests.building.tiny_model import FLOAT32, INT8, Graph
from tests.kernels import drawn

CELL = "UNIDIRECTIONAL_SEQUENCE_LSTM"


def graph_of(name: str, kind: str = "INT8") -> Graph:
    return drawn.model(name, kind, kind, drawn.Draw(3), 1)


def read(graph: Graph) -> Model:
    return Model.of(Path("recurrent.tflite"), tiny_model.tflite_bytes(graph))


def resized(place: int, *shape: int):
    """Another shape for the input at that place of the operator."""

    def change(graph: Graph) -> None:
        tensor = graph.tensors[graph.operators[0].inputs[place]]
        tensor.shape, tensor.data = shape, b""

    return change


def retyped(place: int, kind: int):
    def change(graph: Graph) -> None:
        graph.tensors[graph.operators[0].inputs[place]].type = kind

    return change


def with_peepholes(graph: Graph) -> None:
    inputs = list(graph.operators[0].inputs)
    inputs[9] = inputs[12]
    graph.operators[0].inputs = inputs


def without_its_state(graph: Graph) -> None:
    inputs = list(graph.operators[0].inputs)
    inputs[18] = -1
    graph.operators[0].inputs = inputs


@pytest.mark.parametrize("kind", ["FLOAT32", "INT16", "INT8"])
def test_an_lstm_as_keras_converts_it_is_read(kind):
    assert read(graph_of(CELL, kind)).operators[0].name == CELL


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (with_peepholes, "it has peepholes, which TFLM does not compute"),
        (without_its_state, "it lacks input 18"),
        (resized(2, 1, 1), "not all of its weights 1 to 4"),
        (resized(6, 1, 1), "not all of its weights 5 to 8"),
        (resized(13, 77), "77 biases"),
        (resized(18, 99, 99), "its states have not"),
        (retyped(19, FLOAT32), "its states are int8 and float32"),
    ],
)
def test_an_lstm_of_other_shapes_is_refused(change, why):
    graph = graph_of(CELL)
    change(graph)
    with pytest.raises(ModelError, match=why):
        read(graph)


@pytest.mark.parametrize("name", [CELL, "SVDF"])
def test_integer_weights_for_floats_are_refused_with_what_to_convert_otherwise(name):
    graph = graph_of(name, "FLOAT32")
    for place in range(1, 9) if name == CELL else (1,):
        tensor = graph.tensors[graph.operators[0].inputs[place]]
        tensor.type, tensor.data = INT8, tensor.data[: len(tensor.data) // 4]
    with pytest.raises(ModelError, match=f"quantised in its weights only .{name} with float32 data") as refused:
        read(graph)
    assert "representative_dataset" in refused.value.remedy
