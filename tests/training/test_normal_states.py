"""Learning what is normal: of a rotor that does not exist, in seconds, without TensorFlow."""

from __future__ import annotations

import shutil
import sys

import numpy as np
import pytest

from lab import places, workload
from lab.cli import main
from lab.errors import ConfigurationError, RecordingError, UsageError
from lab.interpreter.interpreter import Interpreter
from lab.model import Model
from lab.training import recipes
from lab.training.states import fitting, layer, session
from lab.training.states.fitting import Material, State
from tests.recordings import generators
from tests.training.silent import Silent

CLIPS = 100


@pytest.fixture(scope="module")
def vibration():
    return workload.load("machine-vibration")


@pytest.fixture(scope="module")
def recipe(vibration):
    return recipes.of(vibration)


@pytest.fixture(scope="module")
def rotor(tmp_path_factory):
    """As if somebody had recorded it: without the file that says it was made."""
    folder = tmp_path_factory.mktemp("rotor")
    script = generators.script("machine-vibration")
    script.write(folder, seed=5, clips=CLIPS)
    (folder / script.MADE).unlink()
    return folder


@pytest.fixture(scope="module")
def trained(vibration, recipe, rotor):
    return recipe.train(vibration, [rotor], Silent())


def test_the_same_recordings_give_the_same_model_and_another_seed_another(vibration, recipe, rotor, trained):
    assert recipe.train(vibration, [rotor], Silent()).data == trained.data
    other = recipe.with_options(epochs=None, seed=2).train(vibration, [rotor], Silent())
    assert other.data != trained.data


def test_it_needs_no_tensorflow(vibration, recipe, rotor, trained, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    assert recipe.train(vibration, [rotor], Silent()).data == trained.data


def test_what_is_not_normal_scores_more_than_what_is(trained):
    (judged,) = trained.judged
    (fast, slow) = judged.conditions
    assert (fast.name, slow.name) == ("fast", "slow")
    assert len(fast.normal) == CLIPS // 4 - 5  # the last quarter, without the gap before it
    assert len(fast.anomalous) == CLIPS  # none of them has trained anything
    *_, every = judged.table().rows
    assert float(every[-1]) > 0.95
    assert np.mean(np.array(slow.normal) > judged.threshold) < 0.1


def test_the_decision_fits_the_model_that_was_made(vibration, trained, tmp_path):
    file = tmp_path / "rotor.tflite"
    file.write_bytes(trained.data)
    model = Model.read(file)
    model.check(vibration.model_copy(update={"decision": trained.decision}))
    assert [operator.name for operator in model.operators] == ["CONV_2D"]
    assert len(trained.decision.offsets) == 2
    assert trained.decision.average == vibration.decision.average


def test_the_command_writes_the_decision_of_the_workloads_own_model(
    vibration, rotor, tmp_path, capsys, trained, monkeypatch
):
    for folder in set(places.FOLDERS) - {"models"}:
        (tmp_path / folder).symlink_to(places.shipped() / folder)
    shutil.copytree(vibration.folder, tmp_path / "models" / vibration.name, ignore=lambda *_: {"recordings"})
    monkeypatch.setenv("LAB_PROJECT", str(tmp_path))
    assert main(["train", vibration.name, "--recordings", str(rotor)]) == 0
    said = capsys.readouterr().out
    own = tmp_path / "models" / vibration.name / "workload.toml"
    assert f"{own}: [decision] has this model's threshold, offsets." in said
    assert "slow" in said
    assert "AUC" in said
    changed = workload.load(vibration.name)
    assert changed.model_path.read_bytes() == trained.data
    assert changed.decision == trained.decision
    before, after = (file.read_text().splitlines() for file in (vibration.file, own))
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new.partition(" ")[0] for _, new in differing] == ["offsets", "threshold"]
    assert differing[1][0].partition("#")[2] == differing[1][1].partition("#")[2]


def test_with_a_model_elsewhere_the_command_says_what_its_workload_needs(vibration, rotor, tmp_path, capsys, trained):
    out, before = tmp_path / "rotor.tflite", vibration.file.read_bytes()
    assert main(["train", vibration.name, "--recordings", str(rotor), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert out.read_bytes() == trained.data
    assert vibration.file.read_bytes() == before
    assert f"is as it was, since {out} is not the model of machine-vibration." in said
    assert f"threshold = {trained.decision.threshold:_}" in said
    assert f"offsets = {list(trained.decision.offsets)}" in said


@pytest.mark.produces("no-epochs")
def test_epochs_are_refused(recipe):
    with pytest.raises(UsageError, match="no epochs") as refused:
        recipe.with_options(epochs=3, seed=None)
    assert refused.value.code == "no-epochs"


def test_recordings_without_anything_normal_are_refused(vibration, recipe, rotor, tmp_path):
    for file in rotor.glob("imbalance_*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(RecordingError, match="is normal and to train on") as refused:
        recipe.train(vibration, [tmp_path], Silent())
    assert refused.value.code == "nothing-to-train-on"


@pytest.mark.produces("too-few-to-split")
def test_a_state_with_too_few_recordings_is_named(vibration, recipe, tmp_path):
    generators.script("machine-vibration").write(tmp_path, seed=1, clips=12)
    with pytest.raises(RecordingError, match="too few") as refused:
        recipe.train(vibration, [tmp_path], Silent())
    assert refused.value.code == "too-few-to-split"


@pytest.mark.produces("recipe-misfit")
def test_a_workload_that_decides_otherwise_is_refused(recipe, rotor):
    with pytest.raises(ConfigurationError, match="for decisions of kind anomaly; gesture-recognition") as refused:
        recipe.train(workload.load("gesture-recognition"), [rotor], Silent())
    assert refused.value.code == "recipe-misfit"


def _material(rng, count):
    """Ten features, of which the third and the seventh always move together."""
    values = rng.normal(0, [1, 4, 3, 2, 5, 1, 3, 2, 4, 3], (count, 10))
    values[:, 7] = values[:, 3] + rng.normal(0, 0.1, count)
    return values


def _fitted(recipe, *centres):
    rng = np.random.default_rng(3)
    few = recipe.model_copy(update={"directions": 4, "ridge": 0.01, "shrinkage": 0.01})
    materials = [Material(*(_material(rng, 400) + centre for _ in range(3))) for centre in centres]
    return materials, fitting.fit(materials, few)


def test_what_always_moves_together_is_missed_at_once(recipe):
    _, (state,) = _fitted(recipe, 0)
    alike, apart = state.mean[np.newaxis].copy(), state.mean[np.newaxis].copy()
    alike[0, [3, 7]] += 1
    apart[0, 7] += 1
    assert state.scores(apart) > 10 * state.scores(alike)


def test_later_normal_recordings_score_as_many_as_there_are_directions(recipe):
    (material,), (state,) = _fitted(recipe, 0)
    assert state.scores(material.kept).mean() == pytest.approx(4)


def test_offsets_are_about_0(recipe):
    _, states = _fitted(recipe, 0, 50)
    assert sum(state.offset for state in states) == pytest.approx(0, abs=1e-9)


def test_the_layer_gives_departures_in_steps_of_the_output(vibration, tmp_path):
    rng = np.random.default_rng(4)
    states = [State(rng.normal(0, 30, 96), rng.normal(0, 0.02, (72, 96)), 0.0) for _ in range(3)]
    file = tmp_path / "layer.tflite"
    file.write_bytes(layer.written(states, vibration.features, 1 / 16))
    model = Model.read(file)
    features = rng.integers(-40, 40, 96).astype(np.int8)
    (found,) = Interpreter(model).run(features.reshape(model.input.shape))
    wanted = np.concatenate([16 * state.whitening @ (features - state.mean) for state in states])
    assert np.abs(found.ravel() - np.clip(wanted, -128, 127)).max() < 2.0
    assert found.min() < -60


def test_a_table_without_anomalies_says_no_area():
    table = session.Separated("test", (session.Condition("slow", (1, 9), ()),), 5).table()
    assert table.rows[0] == ("slow", "2", "50.0%", "0", "-", "-")
