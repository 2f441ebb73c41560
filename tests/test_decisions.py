"""Kinds of decisions: constants, strides, scores; and errors at their line in the workload's file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from lab import configured, decisions, places, workload
from lab.configuration import read_toml
from lab.decisions import Decision
from lab.decisions.anomaly import Settings as Anomaly
from lab.decisions.average import Settings as Average
from lab.decisions.each import Settings as Each
from lab.errors import ConfigurationError
from lab.workload import Workload

AVERAGE = Average(stride_ms=480, average_ms=960, threshold=0.45, refractory_ms=1_000)
EACH = Each(stride_ms=1_000)
ANOMALY = Anomaly(stride_ms=500, threshold=900, directions=3, offsets=(0, 100), average=4, refractory_ms=2_000)
OF_KINDS = [AVERAGE, EACH, ANOMALY]


@pytest.fixture
def words(tmp_path: Path) -> Workload:
    """Keyword spotting, its file where a test may read another."""
    file = Path(shutil.copy(workload.load("keyword-spotting").file, tmp_path))
    return read_toml(file, Workload, name="keyword-spotting", folder=tmp_path)


def deciding(words: Workload, decision: Decision) -> Workload:
    return words.model_copy(update={"decision": decision})


def line(words: Workload, key: str) -> int:
    before, found, _ = words.file.read_text().partition(f"\n{key} = ")
    assert found
    return before.count("\n") + 2


def test_every_kind_is_tried_here():
    every = configured.kinds(decisions.__name__, Decision).keys()
    assert {one.kind for one in OF_KINDS} == every - {"of-firmware"}


@pytest.mark.parametrize("decision", OF_KINDS, ids=lambda one: one.kind)
def test_a_kind_gives_its_header_each_constant_that_it_asks_for_and_no_other(words, decision):
    header = places.project() / "firmware" / "runtime" / "decisions" / f"{decision.kind}.h"
    asked = set(re.findall(r"\bSettings::(k\w+)", header.read_text()))
    constants = decision.constants(deciding(words, decision))
    assert constants.keys() == asked
    assert all(re.search(rf"\b{name}(\[\])? = ", declared) for name, declared in constants.items())


def test_the_labels_of_the_background_are_no_events(words):
    events = AVERAGE.constants(words)["kIsEvent"]
    assert re.findall("true|false", events) == ["false", "false"] + ["true"] * 10


@pytest.mark.parametrize("decision", OF_KINDS, ids=lambda one: one.kind)
def test_a_stride_is_counted_in_steps_of_the_features(words, decision):
    assert decision.stride_steps(deciding(words, decision)) == decision.stride_ms // 20


@pytest.mark.parametrize("decision", OF_KINDS, ids=lambda one: one.kind)
@pytest.mark.parametrize("stride_ms", [10, 490])
@pytest.mark.produces("decision-settings")
def test_a_stride_of_no_whole_steps_is_refused_at_its_line(words, decision, stride_ms):
    uneven = decision.model_copy(update={"stride_ms": stride_ms})
    with pytest.raises(ConfigurationError) as refused:
        uneven.stride_steps(deciding(words, uneven))
    where = f"{words.file}:{line(words, 'stride_ms')}"
    assert refused.value.message == f"{where}: decision.stride_ms is {stride_ms}; features come every 20 ms."
    assert refused.value.remedy == "Use a multiple of 20."


@pytest.mark.parametrize(("average_ms", "inferences"), [(0, 1), (479, 1), (960, 2), (3_840, 8), (4_319, 8)])
def test_scores_are_averaged_over_as_many_inferences_as_fit(words, average_ms, inferences):
    decision = AVERAGE.model_copy(update={"average_ms": average_ms})
    assert decision.average_inferences(words) == inferences


@pytest.mark.produces("decision-settings")
def test_an_average_of_more_than_the_firmware_keeps_is_refused_at_its_line(words):
    decision = AVERAGE.model_copy(update={"average_ms": 4_320})
    with pytest.raises(ConfigurationError, match="9 inferences; the firmware averages 8 at most") as refused:
        decision.average_inferences(words)
    assert refused.value.message.startswith(f"{words.file}:{line(words, 'average_ms')}: ")
    assert refused.value.remedy == "Use at most 3840."


def test_the_firmware_has_as_much_room_for_averages_as_the_lab_believes():
    header = (places.project() / "firmware" / "runtime" / "parameters.h").read_text()
    assert int(re.search(r"kMostAveraged = (\d+)", header)[1]) == decisions._decision.MOST_AVERAGED


@pytest.mark.parametrize(("threshold", "firmwares"), [(0.0, 0), (0.45, 115), (0.5, 128), (1.0, 255)])
def test_a_probability_is_compared_as_one_of_256_steps(threshold, firmwares):
    assert AVERAGE.model_copy(update={"threshold": threshold}).threshold_in_firmware == firmwares


def test_what_a_kind_does_not_have_is_nought_in_the_firmware(words):
    found = EACH.average_inferences(words), EACH.threshold_in_firmware, EACH.refractory_in_ms
    assert found == (1, 0, 0)


@pytest.mark.parametrize("decision", [AVERAGE, EACH], ids=lambda one: one.kind)
def test_the_highest_score_is_the_label(words, decision):
    outputs = np.full(12, -128, np.int8)
    outputs[3] = 100
    scores = decision.scores(np.zeros((49, 40), np.int8), outputs)
    assert scores == tuple(map(int, outputs))
    assert decision.label(scores, words.labels) == "no"
    assert decision.score_names(words.labels) == words.labels
    assert decision.outputs(words) == 12


def test_an_anomaly_is_a_departure_from_the_nearest_normal_state(words):
    nothing = np.zeros((1, 1), np.int8)
    assert ANOMALY.outputs(words) == 6
    # 3 * 20^2 = 1,200 of the first, and 1,161 of the second, which its offset makes the farther one.
    assert ANOMALY.scores(nothing, np.array([20, 20, 20, 20, 20, -19], np.int8)) == (1_200,)
    assert ANOMALY.scores(nothing, np.array([20, 20, 20, 1, 2, 3], np.int8)) == (14,)
    assert ANOMALY.score_names(("normal", "anomaly")) == ("anomaly score",)


@pytest.mark.parametrize(("score", "label"), [(0, "normal"), (900, "normal"), (901, "anomaly")])
def test_above_the_threshold_is_an_anomaly(score, label):
    assert ANOMALY.label((score,), ("normal", "anomaly")) == label
    assert (ANOMALY.threshold_in_firmware, ANOMALY.refractory_in_ms) == (900, 2_000)
