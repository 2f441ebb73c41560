"""`lab compare WORKLOAD --variants` on files made by hand, on a real board."""

from __future__ import annotations

import json
import os
import shutil

import numpy as np
import pytest

from lab import workload
from lab.cli import main
from lab.reporting import variants_table
from lab.variants.outcome import Accuracy, Cost, Outcome, Right, Variant
from tests.building import tiny_model

LABELS = ("yes", "no", "stop")


@pytest.fixture(scope="module")
def keyword_spotting():
    return workload.load("keyword-spotting")


@pytest.fixture(scope="module")
def recordings(keyword_spotting, tmp_path_factory):
    """Two clips of each of three labels."""
    folder = tmp_path_factory.mktemp("recordings")
    shipped = keyword_spotting.folder / keyword_spotting.recordings.folder
    for label in LABELS:
        (folder / label).mkdir()
        for file in sorted((shipped / label).glob("*.flac"))[:2]:
            shutil.copy(file, folder / label)
    return folder


def _floats(*, weights_only: bool = False):
    """The same layers as `tiny_model.classifier`, in floats; with `weights_only` its weights are int8 still."""
    graph = tiny_model.classifier()
    weights = np.frombuffer(graph.tensors[1].data, np.int8)
    for index, tensor in enumerate(graph.tensors):
        if index == 1 and weights_only:
            continue
        tensor.type, tensor.scale = tiny_model.FLOAT32, None
    if not weights_only:
        graph.tensors[1].data = (weights.astype(np.float32) * np.float32(0.001)).tobytes()
    graph.operators[0].version = 3 if weights_only else 1
    graph.operators[1].version = 1
    return graph


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("variants")
    graphs = {"int8": tiny_model.classifier(), "float32": _floats(), "hybrid": _floats(weights_only=True)}
    for name, graph in graphs.items():
        (made / f"{name}.tflite").write_bytes(tiny_model.tflite_bytes(graph))
    return made


def _compare(*more):
    return main(["compare", "keyword-spotting", "--variants", *map(str, more)])


@pytest.fixture(scope="module")
def found(folder, recordings):
    """What is printed as JSON."""
    with pytest.MonkeyPatch.context() as patch:
        printed = []
        patch.setattr("lab.cli._variants.say_json", printed.append)
        assert _compare("--from", folder, "--recordings", recordings, "--max-loss", "100", "--json") == 0
    return json.loads(printed[0])


def test_each_file_is_a_variant_and_runs_as_on_the_host(found):
    variants = {one["name"]: one for one in found["variants"]}
    assert sorted(variants) == ["float32", "hybrid", "int8"]
    assert found["recordings"] == 6
    for name in ("float32", "int8"):
        assert variants[name]["cost"]["equals_host"] is True
        assert variants[name]["device"] == variants[name]["host"]
        labels = [(one["label"], one["recordings"]) for one in variants[name]["device"]["by_label"]]
        assert labels == [("yes", 2), ("no", 2), ("stop", 2)]
    assert variants["float32"]["bytes"] > 3 * variants["int8"]["bytes"]
    assert variants["int8"]["compressed_bytes"] < variants["int8"]["bytes"]


def test_a_float_model_is_given_what_the_features_stand_for(found):
    """Both have the same weights, so that they decide alike; the int8 one rounds its logits to steps of 0.1."""
    variants = {one["name"]: one for one in found["variants"]}
    right = {name: sum(one["right"] for one in variants[name]["device"]["by_label"]) for name in ("float32", "int8")}
    assert abs(right["float32"] - right["int8"]) <= 1


def test_what_tflm_refuses_has_its_words_and_does_not_reach_the_board(found):
    (hybrid,) = [one for one in found["variants"] if one["name"] == "hybrid"]
    assert (hybrid["device"], hybrid["cost"]) == (None, None)
    assert "is quantised in its weights only" in hybrid["refused"]
    assert "TFLM says: " in hybrid["refused"]
    assert "FLOAT32 with filter type: INT8 not supported. Node FULLY_CONNECTED" in hybrid["refused"]


def test_the_smallest_within_the_loss_is_named(found):
    assert (found["compared_with"], found["smallest"]) == ("float32", "int8")


def test_the_chart_and_the_tables_have_a_row_for_each(folder, recordings, tmp_path, capsys):
    chart = tmp_path / "variants.svg"
    assert _compare("--from", folder, "--recordings", recordings, "--chart", chart) == 0
    printed, told = capsys.readouterr()
    assert all(line in told for line in ("int8: running on the host", "int8: running on nano33ble"))
    assert "hybrid does not run: " in printed
    assert "accuracy by label" in printed
    drawn = chart.read_text()
    assert all(name in drawn for name in ("float32", "hybrid", "int8", "bytes of arena"))


@pytest.mark.produces("no-variants")
def test_a_folder_without_any_says_how_to_make_some(tmp_path, capsys):
    assert _compare("--from", tmp_path) == 2
    assert "lab train keyword-spotting --variants all" in capsys.readouterr().err


def test_a_name_that_is_not_utf8_is_written_out_in_json(folder, recordings, tmp_path, capsys):
    shutil.copy(folder / "int8.tflite", tmp_path / os.fsdecode(b"\xff8.tflite"))
    assert _compare("--from", tmp_path, "--recordings", recordings, "--json") == 0
    assert json.loads(capsys.readouterr().out)["variants"][0]["name"] == r"\udcff8"


def test_a_file_of_another_model_is_no_variant(folder, recordings, tmp_path, capsys):
    shutil.copy(folder / "int8.tflite", tmp_path)
    other = tiny_model.tflite_bytes(tiny_model.classifier(features=(1, 10)))
    (tmp_path / "other.tflite").write_bytes(other)
    assert _compare("--from", tmp_path, "--recordings", recordings) == 2
    assert "other.tflite is no variant of this model: it takes int8[1, 10]" in capsys.readouterr().err


def test_a_model_that_scores_no_labels_has_no_accuracy(folder, capsys):
    assert main(["compare", "machine-vibration", "--variants", "--from", str(folder)]) == 2
    assert "does not give a score for each label" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "keyword-spotting", "other", "--variants"], "a workload alone is named"),
        (["compare", "keyword-spotting"], "RUN_B is missing"),
        (["compare", "one", "other", "--part", "test"], "no recordings are played"),
        (["compare", "keyword-spoting", "--variants"], "Did you mean 'keyword-spotting'?"),
        (["compare", "keyword-spotting", "--variants", "--kernels", "cmsis"], "cmsis"),
        (["compare", "keyword-spotting", "--variants", "--chart", "x.gif"], "x.gif"),
    ],
)
def test_what_cannot_be_compared_is_a_usage_error(arguments, said, capsys):
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_chart_that_cannot_be_written_is_told_before_anything_runs(tmp_path, capsys):
    (tmp_path / "folder.svg").mkdir()
    for chart in (tmp_path / "nowhere" / "x.svg", tmp_path / "folder.svg"):
        assert _compare("--chart", chart) == 3
        assert f"error[not-writable]: {chart} cannot be written" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["folder.svg"]


def _outcome(**changed):
    right = Accuracy(by_label=(Right(label="yes", recordings=4, right=3),))
    cost = Cost(equals_host=False, arena=10, flash=20, ram=30, instructions=40, cycles=50, latency_ms=1.5)
    one = Variant(name="int8", bytes=100, compressed_bytes=50, host=right, device=right, cost=cost)
    given = {
        "workload": "kws",
        "target": "nano33ble",
        "kernels": "reference",
        "tflm": "tfmicro",
        "recordings": 4,
        "source": "here",
        "variants": (one,),
        "most_loss": 1.0,
        "compared_with": "int8",
        "smallest": "int8",
    }
    return Outcome(**{**given, **changed})


def test_words_say_what_to_ship_or_that_nothing_is_good_enough():
    assert variants_table.in_words(_outcome()) == (
        "The smallest within 1 point of int8: int8, 100 bytes, 75.0 % on the device."
    )
    assert "is within 0.5 points of int8." in variants_table.in_words(_outcome(smallest=None, most_loss=0.5))
    assert "No variant that runs on nano33ble is within" in variants_table.in_words(_outcome(smallest=None))
    assert variants_table.in_words(_outcome(smallest=None, compared_with=None)) == "No variant runs on nano33ble."


def test_a_device_that_is_not_the_host_is_told_and_sets_the_exit_code(monkeypatch, capsys):
    from lab.cli import _variants
    from lab.variants.comparing import Compared

    monkeypatch.setattr(_variants, "compared", lambda *_: Compared(_outcome(), ()))
    assert _variants.show([], None, 1.0, None, as_json=False) == 1
    assert "NO" in capsys.readouterr().out
