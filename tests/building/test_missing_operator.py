import pytest
import tflite

from lab import target
from lab.benching.application import Bench
from lab.building import firmware, library, operators, tflm
from lab.errors import ModelError
from lab.model import Model
from tests.building import tiny_model
from tests.kernels import one_operator


def test_an_operator_that_tflm_lacks_is_named_before_anything_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "linked", lambda *_: pytest.fail("something was compiled"))
    file = tmp_path / "normalised.tflite"
    tensors = [tiny_model.Tensor((1, 4)), tiny_model.Tensor((1, 4))]
    code = tflite.BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION
    graph = tiny_model.Graph(tensors, [tiny_model.Operator(code, (0,), (1,))], outputs=[1])
    file.write_bytes(tiny_model.tflite_bytes(graph))
    model = Model.read(file)
    with pytest.raises(ModelError, match="LOCAL_RESPONSE_NORMALIZATION") as refused:
        firmware.image(None, target.load("nano33ble"), model, 4096)
    assert refused.value.code == "operator-missing"


@pytest.mark.parametrize(
    ("name", "types", "hint"),
    [
        ("MEAN", ("UINT8", "UINT8"), "tf.int8, not tf.uint8"),
        ("L2_NORMALIZATION", ("INT16", "INT16"), "int8, not int16"),
    ],
)
def test_what_a_converter_writes_for_other_types_is_refused_with_what_avoids_it(tmp_path, name, types, hint):
    file = tmp_path / "model.tflite"
    file.write_bytes(tiny_model.tflite_bytes(one_operator.model(name, *types)))
    with pytest.raises(ModelError, match=f"lacks: {name} of ") as refused:
        operators.used(Model.read(file), tflm.source())
    assert hint in refused.value.remedy


@pytest.mark.produces("model-beyond-flash")
def test_a_model_larger_than_the_flash_is_refused_before_anything_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "linked", lambda *_: pytest.fail("something was compiled"))
    model = dense(tmp_path, width=1_100_000)
    with pytest.raises(ModelError, match=r"does not fit the flash of nano33ble, 1,048,576 bytes: it has 1,10"):
        firmware.image(None, target.load("nano33ble"), model, 4096)


def test_a_model_that_leaves_no_flash_for_the_code_is_refused_as_such(tmp_path):
    model = dense(tmp_path, width=1_040_000)
    with pytest.raises(ModelError, match=r"with TFLM and the application it is [\d,]+ bytes too large\.") as refused:
        firmware.image(Bench(model), target.load("nano33ble"), model, 4096)
    assert refused.value.code == "model-beyond-flash"


def dense(folder, width):
    """A dense layer of so many weights."""
    file = folder / "dense.tflite"
    graph = tiny_model.classifier((1, width // 4), labels=4)
    file.write_bytes(tiny_model.tflite_bytes(graph))
    return Model.read(file)
