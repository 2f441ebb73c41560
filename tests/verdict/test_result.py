from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from lab import target, workload
from lab.errors import BuildError, DeviceFault, EngineError
from lab.measuring import Request, SkippedClip
from lab.metrics import Quantity
from lab.outcomes.recording import Difference
from lab.verdict import judge, schema
from lab.verdict.result import Result, spelled, worst
from tests.fake_measuring import LABELS, clip, measurement


@pytest.fixture
def words():
    return workload.load("keyword-spotting").model_copy(update={"limits": {"accuracy": workload.Limit(at_least=0.9)}})


def not_measured(error):
    return judge.not_measured(
        "w", "t", engine="auto", hardware_faithful=True, source="synthetic", provenance={}, error=error
    )


def test_the_schema_in_the_package_is_the_one_of_the_code():
    assert json.loads(schema.FILE.read_text(encoding="utf-8")) == json.loads(schema.generated())


def test_a_name_that_is_not_utf_8_is_in_a_result_that_can_be_written(words):
    lost = SkippedClip("yes/z\udcff.wav", "yes/z\udcff.wav is no audio")
    told = measurement(
        skipped=(lost,), source="my\udcffwords", options=("--model", "é\udcff"), build={"model": "\udcff"}
    )
    result = judge.judge(words, told)
    (run,) = result.runs
    assert run.skipped_recordings[0].clip == "yes/z\\udcff.wav"
    assert (run.options, run.build) == (("--model", "é\\udcff"), {"model": "\\udcff"})
    assert Result.model_validate(json.loads(result.to_json())) == result


def test_a_result_keeps_to_its_schema_and_survives_its_file(words):
    different = clip(3, decided="off", difference=Difference("operator", "operator 4 CONV_2D, element 91", -3, "-4"))
    result = judge.judge(words, measurement((clip(0), clip(1, cycles=None), different)))
    written = json.loads(result.to_json())
    jsonschema.validate(written, json.loads(schema.FILE.read_text(encoding="utf-8")))
    assert list(written)[:4] == ["schema", "verdict", "fingerprint", "provenance"]
    assert Result.model_validate(written) == result


@pytest.mark.parametrize(
    ("changes", "verdict", "code"),
    [
        ({}, "passed", 0),
        ({"metrics": {"accuracy": Quantity(0.5, "", "exact")}}, "failed", 1),
        ({"error": DeviceFault("jumped to 0x0")}, "failed", 1),
        ({"error": EngineError("the emulator broke")}, "error", 3),
        ({"error": BuildError("does not compile")}, "error", 2),
        ({"interrupted": True}, "interrupted", 130),
    ],
)
def test_every_ending_has_its_verdict_and_exit_code(words, changes, verdict, code):
    result = judge.judge(words, replace(measurement(), **changes))
    assert (result.verdict, result.exit_code) == (verdict, code)


def test_what_did_not_finish_is_not_judged_and_has_no_fingerprint(words):
    result = judge.judge(words, replace(measurement((clip(0),)), error=DeviceFault("fault", remedy="look")))
    assert result.fingerprint is None
    assert result.runs[0].checks == ()
    assert result.runs[0].error.remedy == "look"
    assert [one.clip for one in result.runs[0].clips] == ["silence/0.flac"]


@pytest.mark.parametrize(("error", "code"), [(None, 130), (BuildError("x"), 2), (EngineError("x"), 3)])
def test_a_run_that_did_not_start_has_a_result_all_the_same(error, code):
    result = not_measured(error)
    jsonschema.validate(json.loads(result.to_json()), json.loads(schema.generated()))
    assert result.exit_code == code


def test_the_confusion_matrix_has_truth_in_rows(words):
    result = judge.judge(words, measurement((clip(2), clip(2, decided="no"), clip(2, decided="no"), clip(3))))
    confusion = result.runs[0].confusion
    assert confusion.labels == LABELS
    assert confusion.counts[2][:4] == (0, 0, 1, 2)
    assert sum(map(sum, confusion.counts)) == 4


def test_several_results_together_are_as_bad_as_the_worst(words):
    passed = judge.judge(words, measurement())
    failed = judge.judge(words, replace(measurement(), metrics={}))
    both = judge.together([passed, failed])
    assert (both.verdict, both.exit_code, len(both.runs)) == ("failed", 1, 2)
    assert both.fingerprint not in {None, passed.fingerprint}
    broken = judge.together([failed, not_measured(EngineError("x"))])
    assert (broken.verdict, broken.exit_code, broken.fingerprint) == ("error", 3, None)
    assert judge.together([passed]) is passed


def test_a_verdict_that_did_not_finish_is_worse_than_a_failed_one():
    assert worst(["passed", "interrupted", "failed"]) == "interrupted"
    assert worst(["failed", "error"]) == "error"
    assert worst(["passed", "passed"]) == "passed"


@pytest.mark.parametrize(
    ("value", "text"), [(12_071_344.0, "12,071,344"), (0.95123456, "0.951235"), (0, "0"), (187.53, "187.53")]
)
def test_numbers_are_spelled_for_people(value, text):
    assert spelled(value) == text


@pytest.mark.parametrize("mode", ["clip", "stream"])
def test_what_was_interrupted_before_it_began_says_what_was_asked_for(words, mode):
    request = Request(words, target.load("esp32c3"), "builtin", mode=mode)
    (run,) = judge.not_begun(request, {}).runs
    assert (run.verdict, run.mode, run.target, run.recordings.count) == ("interrupted", mode, "esp32c3", 0)
