from __future__ import annotations

import pytest

from lab.training import keras_code


def _model(*layers):
    return {"class_name": "Sequential", "module": "keras", "config": {"layers": list(layers)}}


def _layer(kind, module="keras.layers", **settings):
    return {"class_name": kind, "module": module, "config": settings}


def _function(name, module):
    return {"class_name": "function", "module": module, "config": name, "registered_name": name}


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (_layer("Lambda"), "a Lambda layer"),
        (_layer("layers.Lambda", "keras"), "a Lambda layer"),
        (_layer("Keras>Lambda", None), "a Lambda layer"),
        (_layer("TFSMLayer", filepath="/somewhere"), "a TFSMLayer layer"),
        (_layer("Dense", activation=_function("system", "os")), "the function system of os"),
        (_layer("Dense", activation=_function("eval", "builtins")), "the function eval of builtins"),
        (_layer("get_file", "keras.utils"), "get_file of keras.utils"),
        (_layer("utils.get_file", "keras"), "get_file of keras"),
        (_layer("Popen", "subprocess"), "Popen of subprocess"),
        (_layer("Mine", "kerasx.layers"), "Mine of kerasx.layers"),
        (_layer("Mine", ["os"]), "Mine of ['os']"),
        (_layer("TFOpLambda", function="io.write_file"), "TensorFlow's function io.write_file"),
        (_layer("TFOpLambda", function="load_op_library"), "TensorFlow's function load_op_library"),
        (_layer("TFOpLambda", function="math.add\nio.write_file"), "TensorFlow's function math.add\nio.write_file"),
        (_layer("Wrapper", layer=_layer("Lambda")), "a Lambda layer"),
    ],
)
def test_code_is_found_wherever_it_is(layer, said):
    assert keras_code.named(_model(_layer("Dense"), layer)) == said


@pytest.mark.parametrize(
    "layer",
    [
        _layer("Dense", activation="relu", dtype=_layer("DTypePolicy", "keras", name="float32")),
        _layer("Dense", activation=_function("relu", "builtins")),
        _layer("Conv2D", None),
        _layer("GetItem", "keras.src.ops.numpy"),
        _layer("TFOpLambda", "tf_keras.src.layers.core.tf_op_layer", function="__operators__.add"),
        _layer("TFOpLambda", None, function="compat.v1.transpose"),
        {"class_name": "__keras_tensor__", "config": {}},
        {"class_name": ["no name"], "module": "os"},
    ],
)
def test_what_keras_has_itself_is_no_code(layer):
    assert keras_code.named(_model(layer)) is None


def test_a_loss_of_ones_own_does_not_matter():
    assert keras_code.named({**_model(_layer("Dense")), "compile_config": _function("loss", "mine")}) is None
    assert keras_code.named([_layer("Lambda")]) == "a Lambda layer"
