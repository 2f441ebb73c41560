import pytest

from lab import target
from lab.building import firmware, library
from lab.errors import ModelError
from lab.model import Model
from tests.building import tiny_model

ELU = 111


def test_an_operator_that_tflm_lacks_is_named_before_anything_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "linked", lambda *_: pytest.fail("something was compiled"))
    file = tmp_path / "elu.tflite"
    tensors = [tiny_model.Tensor((1, 4)), tiny_model.Tensor((1, 4))]
    graph = tiny_model.Graph(tensors, [tiny_model.Operator(ELU, (0,), (1,))], outputs=[1])
    file.write_bytes(tiny_model.tflite_bytes(graph))
    model = Model.read(file)
    with pytest.raises(ModelError, match="ELU") as refused:
        firmware.image(None, target.load("nano33ble"), model, 4096)
    assert refused.value.code == "operator-missing"
