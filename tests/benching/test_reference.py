from typing import ClassVar

import numpy as np
import pytest

from lab.benching import reference
from lab.benching.reference import Reference
from lab.errors import ToolMissing
from lab.interpreter.interpreter import Interpreter
from lab.model import Model
from tests.building import tiny_model

pytest.importorskip("tflite_micro")


def test_a_model_smaller_than_what_the_interpreter_takes_for_itself_runs(tmp_path):
    file = tmp_path / "tiny.tflite"
    file.write_bytes(
        tiny_model.tflite_bytes(
            tiny_model.Graph(
                tensors=[tiny_model.Tensor((1, 4)), tiny_model.Tensor((1, 4), scale=1 / 256, zero_point=-128)],
                operators=[tiny_model.Operator(tiny_model.SOFTMAX, (0,), (1,), 2, {"Beta": 1.0})],
                outputs=[1],
            )
        )
    )
    ((scores,),) = Reference(Model.read(file), [(np.zeros((1, 4), np.int8),)]).outputs()
    assert scores.tolist() == [[-64, -64, -64, -64]]


def softmax(tmp_path):
    file = tmp_path / "softmax.tflite"
    tensors = [tiny_model.Tensor((1, 4)), tiny_model.Tensor((1, 4), scale=1 / 256, zero_point=-128)]
    operators = [tiny_model.Operator(tiny_model.SOFTMAX, (0,), (1,), 2, {"Beta": 1.0})]
    file.write_bytes(tiny_model.tflite_bytes(tiny_model.Graph(tensors, operators, outputs=[1])))
    return Model.read(file), [(np.array([[1, 2, 3, 40]], np.int8),)]


def test_what_a_model_keeps_between_inferences_the_host_keeps_too(tmp_path):
    """The same input at each step; the SVDF has ever more of it in its memory."""
    (tmp_path / "svdf.tflite").write_bytes(tiny_model.tflite_bytes(tiny_model.remembering()))
    model = Model.read(tmp_path / "svdf.tflite")
    found = Reference(model, [(np.full((1, 8), 0.5, np.float32),)] * 6)
    values = [outputs[0].tolist() for outputs in found.outputs()]
    assert found.name == reference.TFLM
    assert len({str(one) for one in values[:4]}) == 4
    assert values[4] == values[5]
    assert [step[0].tolist() for step in found.operator_outputs()] == values


class Spoiled(Interpreter):
    """An interpreter whose first output value is `off` by so much, by runtime and whether it keeps its tensors."""

    off: ClassVar = {}

    def __init__(self, model, runtime="tflm", *, keep_tensors=False):
        super().__init__(model, runtime, keep_tensors=keep_tensors)
        self._off = self.off.get((runtime, keep_tensors), 0)

    def run(self, *given):
        return [self._spoiled(output) for output in super().run(*given)]

    def tensors(self, indices):
        return [self._spoiled(output) for output in super().tensors(indices)]

    def _spoiled(self, array):
        changed = array.copy()
        changed.ravel()[0] += self._off
        return changed


@pytest.fixture
def spoil(monkeypatch):
    monkeypatch.setattr(reference, "Interpreter", Spoiled)
    return lambda off: monkeypatch.setattr(Spoiled, "off", off)


def test_a_reference_that_litert_confirms_is_in_no_doubt(tmp_path):
    pytest.importorskip("ai_edge_litert", reason="LiteRT is of the extras litert and dev")
    assert Reference(*softmax(tmp_path)).doubt == ""


def test_a_reference_that_litert_contradicts_is_doubted_with_the_operator(tmp_path, spoil):
    pytest.importorskip("ai_edge_litert", reason="LiteRT is of the extras litert and dev")
    spoil({("tflm", True): 5, ("tflm", False): 5})
    found = Reference(*softmax(tmp_path))
    assert found.name == reference.TFLM
    assert "disagree (output 0, element 0: TFLM -118, LiteRT -123), first at operator 0 SOFTMAX, element" in found.doubt


def test_a_reference_that_contradicts_itself_gives_way_to_litert(tmp_path, spoil):
    pytest.importorskip("ai_edge_litert", reason="LiteRT is of the extras litert and dev")
    spoil({("tflm", False): 5})
    found = Reference(*softmax(tmp_path))
    assert found.name == reference.LITERT
    assert "gives two answers to one input (output 0, element 0: first -123, then -118)" in found.doubt
    assert found.outputs()[0][0].ravel()[0] == -123


def test_a_reference_that_contradicts_itself_is_not_used_without_litert(tmp_path, spoil, monkeypatch):
    spoil({("tflm", False): 5})
    taken = reference.Interpreter

    def without_litert(model, runtime="tflm", **options):
        if runtime == "litert":
            raise ToolMissing("ai-edge-litert is not installed.")
        return taken(model, runtime, **options)

    monkeypatch.setattr(reference, "Interpreter", without_litert)
    with pytest.raises(reference.Refused, match=r"two answers to one input .*with the Python package ai-edge-litert"):
        Reference(*softmax(tmp_path))
