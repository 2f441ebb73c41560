from __future__ import annotations

import re
import shutil
import sys

import pytest

from lab import workload
from lab.cli import main
from lab.errors import ConfigurationError
from lab.recordings import splits
from lab.training import recipes
from lab.training.recipes import speech
from lab.training.trained import Trained
from tests.building import tiny_model


@pytest.fixture
def out(tmp_path):
    return tmp_path / "new" / "model.tflite"


def _train(folder, out, *more):
    return main(["train", "keyword-spotting", "--recordings", str(folder), "--out", str(out), *more])


@pytest.fixture
def shipped():
    one = workload.load("keyword-spotting")
    return one.folder / one.recordings.folder


def test_a_trained_model_is_written_whole_and_others_can_read_it(monkeypatch, shipped, out):
    model = tiny_model.tflite_bytes(tiny_model.classifier())
    monkeypatch.setattr(speech.Settings, "train", lambda *_: Trained(model, ()))
    assert _train(shipped, out) == 0
    assert out.read_bytes() == model
    assert out.stat().st_mode & 0o777 == 0o644
    assert list(out.parent.iterdir()) == [out]


def test_a_model_that_takes_other_features_is_not_written(monkeypatch, shipped, out, capsys):
    other = tiny_model.classifier()
    other.tensors[0].zero_point = -128
    monkeypatch.setattr(speech.Settings, "train", lambda *_: Trained(tiny_model.tflite_bytes(other), ()))
    assert _train(shipped, out) == 2
    assert f"{out} takes int8[1, 49, 40, 1] with scale 0.015625 and zero point -128" in capsys.readouterr().err
    assert not out.exists()


def test_options_reach_the_recipe(monkeypatch, shipped, out):
    asked = []
    trained = Trained(tiny_model.tflite_bytes(tiny_model.classifier()), ())
    monkeypatch.setattr(speech.Settings, "train", lambda *given: asked.append(given) or trained)
    assert _train(shipped, out, "--epochs", "2", "--seed", "9") == 0
    ((recipe, _, folders, _),) = asked
    assert folders == [shipped]
    assert (recipe.seed, recipe.student.schedule.epochs) == (9, 2)


def test_an_interrupted_training_leaves_the_model_that_was_there(monkeypatch, shipped, out):
    def interrupted(*_):
        raise KeyboardInterrupt

    out.parent.mkdir()
    out.write_bytes(b"before")
    monkeypatch.setattr(speech.Settings, "train", interrupted)
    assert _train(shipped, out) == 130
    assert out.read_bytes() == b"before"
    assert list(out.parent.iterdir()) == [out]


def test_without_tensorflow_the_extra_is_named(monkeypatch, shipped, out, capsys):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    assert _train(shipped, out) == 3
    assert re.search(r"pip install .*\[train\]", capsys.readouterr().err)
    assert not out.exists()


def test_a_folder_without_labels_and_an_unknown_workload_are_usage_errors(tmp_path, out, capsys):
    assert main(["train", "keyword-spoting", "--recordings", str(tmp_path)]) == 2
    assert "Did you mean 'keyword-spotting'?" in capsys.readouterr().err
    pytest.importorskip("tensorflow", reason="training needs the extra `train`")
    (tmp_path / "nothing").mkdir()
    assert _train(tmp_path / "nothing", out) == 2
    assert "has no recordings of any label" in capsys.readouterr().err


def test_recordings_of_speakers_kept_for_judging_alone_cannot_train(shipped, tmp_path, out, capsys):
    pytest.importorskip("tensorflow", reason="training needs the extra `train`")
    (tmp_path / "yes").mkdir()
    shutil.copy(next((shipped / "yes").glob("*.flac")), tmp_path / "yes" / "a7545b9f_nohash_0.flac")
    assert _train(tmp_path, out) == 2
    assert "of a speaker to train on" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named_before_anything_is_trained(monkeypatch, shipped, tmp_path, capsys):
    monkeypatch.setattr(speech.Settings, "train", lambda *_: pytest.fail("trained for nothing"))
    (tmp_path / "file").touch()
    for place in (tmp_path / "file" / "model.tflite", tmp_path, "/proc/model.tflite"):
        assert _train(shipped, place) == 3
        assert f"{place} cannot be written" in capsys.readouterr().err


@pytest.mark.produces("file-missing")
@pytest.mark.parametrize("read", [recipes.of, splits.of])
def test_a_workload_without_recipe_or_split_is_told_where_to_copy_one(read, tmp_path):
    with pytest.raises(ConfigurationError, match=r"There is no .*toml, which says") as refused:
        read(workload.load("keyword-spotting").model_copy(update={"folder": tmp_path}))
    assert "Copy that of a workload" in refused.value.remedy


def test_without_recordings_to_judge_it_is_said_how_to_keep_some(monkeypatch, shipped, out, capsys):
    model = tiny_model.tflite_bytes(tiny_model.classifier())
    monkeypatch.setattr(speech.Settings, "train", lambda *_: Trained(model, ()))
    assert _train(shipped, out) == 0
    assert "name people in its [named], and train again" in capsys.readouterr().out
