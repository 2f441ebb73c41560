import re

import pytest
import tflite

from lab import target
from lab.benching.application import Bench
from lab.building import firmware, library, operators, tflm
from lab.errors import ModelError
from lab.measuring import memory
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
    assert refused.value.details == "operator 0 LOCAL_RESPONSE_NORMALIZATION: int8[1, 4] to int8[1, 4]"


def test_operators_that_tflm_lacks_are_named_with_place_layer_and_tensors(tmp_path):
    file = tmp_path / "net.tflite"
    tensors = [tiny_model.Tensor((1, 4), name=name) for name in ("x", "net/stem/Relu;net/stem/BiasAdd", "net/lrn/LRN")]
    code = tflite.BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION
    operators_of_net = [
        tiny_model.Operator(tflite.BuiltinOperator.RELU, (0,), (1,)),
        tiny_model.Operator(code, (1,), (2,)),
    ]
    file.write_bytes(tiny_model.tflite_bytes(tiny_model.Graph(tensors, operators_of_net, outputs=[2])))
    with pytest.raises(ModelError) as refused:
        operators.used(Model.read(file), tflm.source())
    assert refused.value.details == (
        "operator 1 LOCAL_RESPONSE_NORMALIZATION of layer lrn: "
        "int8[1, 4] 'net/stem/Relu;net/stem/BiasAdd' to int8[1, 4] 'net/lrn/LRN'"
    )


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


def test_an_unrolled_lstm_whose_first_step_leaves_outputs_unread_is_refused_with_what_helps(tmp_path):
    file = tmp_path / "model.tflite"
    graph = one_operator.model("SPLIT", "FLOAT32", "FLOAT32")
    graph.outputs = graph.outputs[:1]
    file.write_bytes(tiny_model.tflite_bytes(graph))
    with pytest.raises(ModelError, match="lacks: SPLIT with an output that nothing reads") as refused:
        operators.used(Model.read(file), tflm.source())
    assert "tf_keras" in refused.value.remedy


@pytest.mark.produces("model-beyond-flash")
def test_a_model_that_leaves_no_flash_for_any_code_is_refused_before_anything_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "linked", lambda *_: pytest.fail("something was compiled"))
    model = dense(tmp_path, width=1_030_000)
    with pytest.raises(ModelError, match=r"needs at least (.*) bytes of flash on nano33ble: ") as refused:
        firmware.image(None, target.load("nano33ble"), model, 4096)
    said = f"the model {model.size:,}, code at least 24,576; the board has 1,048,576."
    assert refused.value.message.endswith(said)


def test_a_model_that_does_not_fit_the_flash_together_with_its_code_is_refused_as_such(tmp_path):
    model = dense(tmp_path, width=1_020_000)
    board = target.load("nano33ble")
    with pytest.raises(ModelError, match=r"needs [\d,]+ bytes of flash") as refused:
        firmware.image(Bench(model), board, model, 4096)
    assert refused.value.code == "model-beyond-flash"
    needed, stored, code, flash = (int(number.replace(",", "")) for number in re.findall(r"\d[\d,]{4,}", said(refused)))
    assert (stored, flash) == (model.size, board.memories.flash_bytes)
    assert needed == stored + code > flash


@pytest.mark.parametrize("board", ["nano33ble", "esp32c3", "stm32f746g"])
def test_a_model_of_one_plain_operator_has_more_code_than_is_taken_for_granted(board, tmp_path):
    file = tmp_path / "reshape.tflite"
    tensors = [tiny_model.Tensor((1, 8)), tiny_model.Tensor((1, 8))]
    graph = tiny_model.Graph(tensors, [tiny_model.Operator(tiny_model.RESHAPE, (0,), (1,))], outputs=[1])
    file.write_bytes(tiny_model.tflite_bytes(graph))
    model = Model.read(file)
    built = firmware.image(Bench(model), target.load(board), model, 4096)
    assert memory.of(built.firmware, target.load(board), 4096).flash_bytes - model.size > 24_576


def said(refused):
    """The message after the file's name, which may have numbers too."""
    return refused.value.message.partition(" needs ")[2]


def dense(folder, width):
    """A dense layer of so many weights."""
    file = folder / "dense.tflite"
    graph = tiny_model.classifier((1, width // 4), labels=4)
    file.write_bytes(tiny_model.tflite_bytes(graph))
    return Model.read(file)
