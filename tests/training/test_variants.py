"""Every variant of a tiny network, made twice; and the command that writes them."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tflite

from lab import disk, workload
from lab.cli import _training, main
from lab.errors import StorageError, UnknownName
from lab.model import Model
from lab.training import recipes, tuning, variants
from lab.training.recipes import motion
from lab.training.settings import Tuning
from lab.training.unsuitable import Unsuitable
from tests.training.silent import Silent
from tests.training.test_motion import _tiny, strokes

__all__ = ["strokes"]

pytestmark = [
    # TensorFlow, tf-keras and the toolkit for tuning warn of their own innards.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

NAMES = [
    *("dynamic-range", "float16", "float32", "float32-pruned", "int16x8"),
    *("int8", "int8-float-io", "int8-pruned", "int8-qat"),
]
TUNING = Tuning(epochs=2)


@pytest.fixture(scope="module", autouse=True)
def _tensorflow():
    pytest.importorskip("tensorflow_model_optimization", reason="training needs the extra `train`")


@pytest.fixture(scope="module")
def gestures():
    return workload.load("gesture-recognition")


@pytest.fixture(scope="module")
def learnt(gestures, strokes):
    return _learnt(gestures, strokes)


def _learnt(gestures, strokes):
    return _tiny(gestures).learn(gestures, [strokes], Silent())


@pytest.fixture(scope="module")
def made(learnt):
    found = variants.made(learnt, variants.every(), TUNING, Silent())
    assert found.unsuitable == {}
    return found.files


@pytest.fixture(scope="module")
def models(made):
    return {name: Model.of(Path(f"{name}.tflite"), data, of_any_types=True) for name, data in made.items()}


def test_all_of_them_are_made_and_known_by_name(made):
    assert list(made) == [one.name for one in variants.every()] == NAMES
    assert [one.name for one in variants.chosen(["all"])] == NAMES
    assert [one.name for one in variants.chosen(["int8", "int8", "float16"])] == ["int8", "float16"]


def test_a_second_training_makes_each_of_them_with_the_same_bytes(made, gestures, strokes):
    again = variants.made(_learnt(gestures, strokes), variants.every(), TUNING, Silent())
    assert {name: zlib.crc32(data) for name, data in again.files.items()} == {
        name: zlib.crc32(data) for name, data in made.items()
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("float32", "FLOAT32"), ("float32-pruned", "FLOAT32"), ("dynamic-range", "FLOAT32"), ("float16", "FLOAT32")),
        *(("int8", "INT8"), ("int8-qat", "INT8"), ("int8-pruned", "INT8"), ("int8-float-io", "FLOAT32")),
        ("int16x8", "INT16"),
    ],
)
def test_input_and_output_are_of_the_type_that_the_name_says(models, name, kind):
    assert (models[name].input.dtype, models[name].output.dtype) == (kind, kind)


@pytest.mark.parametrize("name", ["int8", "int8-qat", "int8-pruned"])
def test_what_is_int8_throughout_takes_the_features_as_they_are(models, gestures, name):
    models[name].check(gestures, streamed=True)


def test_values_of_int16_have_weights_of_int8(models):
    model = models["int16x8"]
    convolution = next(one for one in model.operators if one.name == "CONV_2D")
    assert [model.tensors[index].dtype for index in convolution.inputs[:2]] == ["INT16", "INT8"]


def _zeros(data: bytes) -> float:
    """The share of zeros in the weights of the convolutions and dense layers."""
    found = tflite.Model.GetRootAsModel(data, 0)
    graph = found.Subgraphs(0)
    weights = []
    for number in range(graph.OperatorsLength()):
        operator = graph.Operators(number)
        code = found.OperatorCodes(operator.OpcodeIndex())
        if max(code.DeprecatedBuiltinCode(), code.BuiltinCode()) in (3, 9):
            tensor = graph.Tensors(operator.Inputs(1))
            kind = {0: np.float32, 9: np.int8}[tensor.Type()]
            weights.append(found.Buffers(tensor.Buffer()).DataAsNumpy().view(kind).ravel())
    return float(np.mean(np.concatenate(weights) == 0))


def test_half_of_the_weights_of_a_pruned_network_are_zero_and_it_compresses_better(made):
    for pruned, whole in (("float32-pruned", "float32"), ("int8-pruned", "int8")):
        assert _zeros(made[pruned]) >= 0.49
        assert _zeros(made[whole]) < 0.2
        assert len(zlib.compress(made[pruned], 9)) < 0.9 * len(zlib.compress(made[whole], 9))


@pytest.mark.parametrize("name", ["float32", "int8", "int8-pruned", "int8-qat"])
def test_a_variant_is_the_same_whichever_others_are_made(learnt, made, name):
    """So tuning leaves the trained network as it is, too."""
    assert variants.made(learnt, variants.chosen([name]), TUNING, Silent()).files == {name: made[name]}


def test_every_variant_is_judged_on_the_recordings_kept_out(learnt, made):
    tables = list(variants.judged(learnt, made))
    assert [table.title for table in tables] == [f"Recordings kept out, {kept.part} part" for kept in learnt.kept]
    for table, kept in zip(tables, learnt.kept, strict=True):
        assert table.headings == ("label", "recordings", *NAMES)
        assert table.rows[-1][:2] == ("all", str(len(kept.truth)))
        shares = {name: float(share.rstrip("%")) for name, share in zip(NAMES, table.rows[-1][2:], strict=True)}
        assert abs(shares["int8"] - shares["float32"]) <= 15
        assert shares["float16"] == pytest.approx(shares["float32"], abs=5)


def test_a_variant_that_there_is_not_is_named():
    with pytest.raises(UnknownName, match="no variant named 'int4'"):
        variants.chosen(["int4"])


def test_the_command_writes_a_file_for_each_beside_the_workload(monkeypatch, learnt, strokes, tmp_path, capsys):
    monkeypatch.setattr(motion.Settings, "learn", lambda *_: learnt)
    out = tmp_path / "new" / "variants"
    arguments = ["train", "gesture-recognition", "--recordings", str(strokes), "--out", str(out)]
    assert main([*arguments, "--variants", "int8", "--variants", "float32"]) == 0
    assert sorted(file.name for file in out.iterdir()) == ["float32.tflite", "int8.tflite"]
    printed, told = capsys.readouterr()
    assert "int8" in printed
    assert "from before" not in told
    assert main([*arguments, "--variants", "int8"]) == 0
    assert "from before, which `lab compare --variants` compares too: float32.tflite" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "Layer bn:<class 'tf_keras.layers.BatchNormalization'> is not supported. You can quantize",
            "no int8 form of BatchNormalization but right behind a convolution or dense layer without an activation",
        ),
        ("Layer mine:<class 'tf_keras.src.layers.Masking'> is not supported. You can", "form of Masking (layer mine)."),
        ("Something else.\nAnd more", "Something else."),
    ],
)
def test_why_a_network_cannot_be_tuned_is_told_without_advice_on_an_api(said, reason):
    with pytest.raises(Unsuitable) as refused, tuning._suitable():
        raise RuntimeError(said)
    assert reason in str(refused.value)
    assert "You can" not in str(refused.value)
    assert "And more" not in str(refused.value)


def test_without_recordings_to_judge_it_is_said_how_to_keep_some(monkeypatch, learnt, strokes, tmp_path, capsys):
    monkeypatch.setattr(motion.Settings, "learn", lambda *_: replace(learnt, kept=()))
    arguments = ["train", "gesture-recognition", "--recordings", str(strokes), "--out", str(tmp_path)]
    assert main([*arguments, "--variants", "float32"]) == 0
    assert "name people in its [named], and train again" in capsys.readouterr().out


def test_what_there_is_room_for_is_written_where_another_has_none(tmp_path, monkeypatch):
    write = disk.write

    def full(file, data, *, elsewhere):
        if file.stem == "float32":
            raise disk.full(file, elsewhere=elsewhere)
        write(file, data, elsewhere=elsewhere)

    monkeypatch.setattr(disk, "write", full)
    made, told = variants.Made({"float32": bytes(40), "int8": bytes(10)}, {}), []
    with pytest.raises(StorageError, match=r"float32\.tflite cannot be written: No space left"):
        _training.write(tmp_path, made, told.append)
    assert [file.name for file in tmp_path.iterdir()] == ["int8.tflite"]
    assert told == [f"{tmp_path / 'int8.tflite'}: 10 bytes"]


def test_an_interrupted_training_leaves_no_folder(monkeypatch, strokes, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(motion.Settings, "learn", interrupted)
    out = tmp_path / "variants"
    arguments = ["train", "gesture-recognition", "--recordings", str(strokes), "--out", str(out), "--variants", "all"]
    assert main(arguments) == 130
    assert not out.exists()


@pytest.mark.produces("no-network")
def test_a_model_that_is_no_network_has_no_variants(tmp_path, capsys):
    out = tmp_path / "variants"
    arguments = ["train", "machine-vibration", "--recordings", str(tmp_path), "--variants", "int8", "--out", str(out)]
    assert main(arguments) == 2
    assert "computes an int8 model, without a network" in capsys.readouterr().err
    assert not out.exists()


def test_every_recipe_that_ships_says_how_its_network_is_tuned_or_has_none():
    kinds = {name: recipes.of(workload.load(name)) for name in workload.names()}
    assert {name for name, one in kinds.items() if not isinstance(one, recipes.NetworkRecipe)} == {"machine-vibration"}
