"""Keras models that somebody brings."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest

from lab import workload
from lab.cli import main
from lab.errors import ModelError
from lab.training import backend, brought, variants
from lab.training.settings import Tuning
from tests.training.silent import Silent
from tests.training.test_motion import strokes

__all__ = ["strokes"]

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture(scope="module")
def gestures():
    return workload.load("gesture-recognition")


@pytest.fixture(scope="module")
def keras():
    pytest.importorskip("tensorflow_model_optimization", reason="training needs the extra `train`")
    backend.load(1)
    return backend.keras3()


def _network(keras, shape, labels, activation):
    layers = keras.layers
    keras.utils.set_random_seed(5)
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Reshape((*shape[:1], 1, *shape[1:])),
            layers.Conv2D(4, (5, 1), activation="relu"),
            layers.Flatten(),
            layers.Dense(labels, activation=activation),
        ]
    )


@pytest.fixture(scope="module")
def shape(gestures):
    return gestures.features.shape(gestures.input)


@pytest.fixture(scope="module")
def model(keras, gestures, shape, tmp_path_factory):
    file = tmp_path_factory.mktemp("keras") / "mine.keras"
    _network(keras, shape, len(gestures.labels), "softmax").save(file)
    return file


def _learnt(file, workload, folder):
    return brought.learnt(file, workload, [folder], lambda _stage: None)


def test_a_model_of_keras_3_is_taken_without_its_softmax(keras, model, gestures, strokes):
    learnt = _learnt(model, gestures, strokes)
    theirs = keras.saving.load_model(model)
    given = np.random.default_rng(1).normal(size=(3, *theirs.input_shape[1:])).astype(np.float32)
    logits = learnt.network(given, training=False).numpy()
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, theirs(given).numpy(), atol=1e-6)
    assert learnt.labels == gestures.labels
    assert len(learnt.calibration)


def test_logits_are_taken_as_they_are_in_files_of_tf_keras_and_h5_of_either(keras, gestures, shape, strokes, tmp_path):
    _, tf_keras = backend.load(1)
    for name, of in (("mine.h5", tf_keras), ("mine.keras", tf_keras), ("third.h5", keras)):
        network = _network(of, shape, len(gestures.labels), None)
        network.save(tmp_path / name)
        learnt = _learnt(tmp_path / name, gestures, strokes)
        given = np.ones((1, *shape), np.float32)
        np.testing.assert_allclose(learnt.network(given).numpy(), network(given).numpy(), atol=1e-6)


def test_every_variant_of_it_is_made_twice_with_the_same_bytes(model, gestures, strokes):
    first, again = (
        variants.made(_learnt(model, gestures, strokes), variants.every(), Tuning(epochs=1), Silent()) for _ in range(2)
    )
    assert first.unsuitable == {}
    assert first == again


@pytest.mark.parametrize(
    ("labels", "activation", "why"),
    [
        (3, "softmax", "gives [3]"),
        (4, "sigmoid", "ends in sigmoid"),
    ],
)
def test_a_network_of_other_labels_or_another_end_is_refused(
    keras, gestures, shape, strokes, tmp_path, labels, activation, why
):
    _network(keras, shape, labels, activation).save(tmp_path / "other.keras")
    with pytest.raises(ModelError) as refused:
        _learnt(tmp_path / "other.keras", gestures, strokes)
    assert why in refused.value.message


def test_a_network_that_has_diverged_is_refused(keras, gestures, shape, strokes, tmp_path):
    network = _network(keras, shape, len(gestures.labels), "softmax")
    network.set_weights([np.full_like(weights, np.nan) for weights in network.get_weights()])
    network.save(tmp_path / "diverged.keras")
    with pytest.raises(ModelError, match=r"not all of its weights conv2d.* are finite numbers"):
        _learnt(tmp_path / "diverged.keras", gestures, strokes)


def test_a_network_of_other_features_is_refused(keras, gestures, strokes, tmp_path):
    _network(keras, (10, 3), len(gestures.labels), "softmax").save(tmp_path / "other.keras")
    with pytest.raises(ModelError, match=r"takes \[10, 3\], and the features of gesture-recognition are \[48, 3\]"):
        _learnt(tmp_path / "other.keras", gestures, strokes)


@pytest.mark.produces("keras-code")
@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ({"module": "keras.layers", "class_name": "Lambda", "config": {}}, "has a Lambda layer"),
        ({"module": "os", "class_name": "function", "config": "system"}, "has the function system of os"),
    ],
)
def test_a_file_with_code_in_it_is_not_loaded(model, gestures, strokes, tmp_path, layer, said):
    hostile = tmp_path / "hostile.keras"
    with zipfile.ZipFile(model) as whole, zipfile.ZipFile(hostile, "w") as changed:
        config = json.loads(whole.read("config.json"))
        config["config"]["layers"].insert(1, layer)
        for name in whole.namelist():
            changed.writestr(name, json.dumps(config) if name == "config.json" else whole.read(name))
    with pytest.raises(ModelError, match=said):
        _learnt(hostile, gestures, strokes)


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(gestures, strokes, tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", "{}")
        with archive.open("model.weights.h5", "w") as stream:
            for _ in range(513):
                stream.write(bytes(2**20))
    with pytest.raises(ModelError, match="more than 512 MB, unpacked"):
        _learnt(tmp_path / "bomb.keras", gestures, strokes)


def test_a_folder_is_told_from_a_file(gestures, strokes, tmp_path):
    with pytest.raises(ModelError, match="it is a folder, such as of a SavedModel"):
        _learnt(tmp_path, gestures, strokes)


def _zip(**members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return made.getvalue()


@pytest.mark.produces("keras-unreadable")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("absent.keras", None),
        ("model.tflite", b"TFL3"),
        ("text.keras", b"no archive"),
        ("text.h5", b"no HDF5"),
        ("empty.keras", _zip()),
        ("words.keras", _zip(config_json="[", metadata_json="{}")),
        ("strange.keras", _zip(config_json='{"class_name": "Mine"}', metadata_json='{"keras_version": "3.0"}')),
    ],
)
def test_what_is_no_keras_model_says_so(keras, gestures, strokes, tmp_path, name, content):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read as a Keras model"):
        _learnt(file, gestures, strokes)


def test_a_truncated_file_is_no_keras_model(keras, model, gestures, strokes, tmp_path):
    whole = model.read_bytes()
    for size in (0, 100, len(whole) // 2, len(whole) - 1):
        (tmp_path / "cut.keras").write_bytes(whole[:size])
        with pytest.raises(ModelError, match="cannot be read as a Keras model"):
            _learnt(tmp_path / "cut.keras", gestures, strokes)


def test_the_command_asks_which_workload_where_there_are_several(tmp_path, capsys):
    assert main(["compress", str(tmp_path / "mine.keras"), "--recordings", str(tmp_path)]) == 2
    assert "one of activity-recognition, gesture-recognition" in capsys.readouterr().err


def test_the_command_makes_them_and_compares_them_on_a_board(model, strokes, tmp_path, capsys):
    out = tmp_path / "variants"
    arguments = ["compress", str(model), "--recordings", str(strokes), "--workload", "gesture-recognition"]
    arguments += ["--variants", "int8", "--variants", "float32", "--out", str(out), "--max-loss", "100", "--json"]
    assert main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in found["variants"]] == ["float32", "int8"]
    assert all(one["cost"]["equals_host"] for one in found["variants"])
    assert found["smallest"] == "int8"
    assert sorted(file.name for file in out.iterdir()) == ["float32.tflite", "int8.tflite"]
