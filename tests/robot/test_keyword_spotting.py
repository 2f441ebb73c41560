"""Breaking a limit changes exit code, result.json and Robot's log alike, by `lab run` and by plain `robot`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from robot.api import ExecutionResult, Failure

import lab.measuring
from lab.cli import main
from lab.errors import StorageError
from lab.robot import FirmwareLab
from lab.verdict import judge, schema
from tests import fake_measuring, fake_project

UNKEEPABLE = {
    "accuracy": "{ at_least = 1.01 }",
    "bit_exact": "{ at_least = 1.01 }",
    "instructions_per_inference": "{ at_most = 8_999_999 }",
    "cycles_per_inference": "{ at_most = 11_999_999 }",
    "latency_ms": "{ at_most = 187.4 }",
    "cpu_load": "{ at_most = 0.19 }",
    "realtime_headroom": "{ at_least = 4.6 }",
    "flash_bytes": "{ at_most = 180_999 }",
    "ram_bytes": "{ at_most = 89_999 }",
    "arena_used_bytes": "{ at_most = 27_999 }",
    "stack_used_bytes": "{ at_most = 1_799 }",
    "missed_deadlines": "{ at_most = -1 }",
}


@pytest.fixture
def out(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("LAB_PROJECT", str(tmp_path / "project"))
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LAB_HISTORY", str(tmp_path / "history.sqlite"))
    return tmp_path / "out"


def project(out: Path, **limits: str) -> Path:
    return fake_project.make(out.parent / "project", {**fake_project.GENEROUS, **limits})


def lab_run(out: Path, monkeypatch, outcome: str = "passing", *options: str) -> tuple[int, dict, dict]:
    """Exit code, result.json, and Robot's (status, message) by test."""
    monkeypatch.setattr(lab.measuring, "measure", fake_measuring.measure_with(outcome))
    code = main(["run", "keyword-spotting", "--out", str(out), *options])
    return code, *left_in(out)


def plain_robot(out: Path, outcome: str, suite: Path) -> tuple[int, dict, dict]:
    program = [sys.executable, str(fake_measuring.FILE), outcome, "robot", "--outputdir", str(out), str(suite)]
    done = subprocess.run(program, capture_output=True, check=False, timeout=60)
    return done.returncode, *left_in(out)


def left_in(out: Path) -> tuple[dict, dict]:
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    jsonschema.validate(result, json.loads(schema.FILE.read_text(encoding="utf-8")))
    suite = ExecutionResult(str(out / "output.xml")).suite
    return result, {test.name: (test.status, test.message) for test in suite.tests}


def broken(result: dict) -> list[str]:
    return [check["name"] for check in result["runs"][0]["checks"] if not check["passed"]]


def failed(tests: dict) -> list[str]:
    return [message for status, message in tests.values() if status == "FAIL"]


def test_a_run_that_keeps_every_limit_passes_everywhere(out, monkeypatch):
    project(out)
    code, result, tests = lab_run(out, monkeypatch)
    assert (code, result["verdict"], broken(result)) == (0, "passed", [])
    assert {status for status, _ in tests.values()} == {"PASS"}
    assert {file.name for file in out.iterdir()} >= {"log.html", "output.xml", "report.html", "device.log"}


@pytest.mark.parametrize("metric", UNKEEPABLE)
def test_breaking_a_limit_fails_exit_code_result_and_log_alike(out, monkeypatch, metric):
    project(out, **{metric: UNKEEPABLE[metric]})
    code, result, tests = lab_run(out, monkeypatch)
    assert (code, result["verdict"], broken(result)) == (1, "failed", [metric])
    (message,) = failed(tests)
    (check,) = [check for check in result["runs"][0]["checks"] if not check["passed"]]
    assert message.startswith(f"{metric} is ")
    assert f"({check['where']})" in message


def test_every_metric_that_is_measured_is_tried_above():
    assert set(UNKEEPABLE) == set(fake_project.GENEROUS) == set(fake_measuring.measurement().metrics)


def test_plain_robot_finds_the_same_as_lab_run(out, monkeypatch):
    suite = project(out, flash_bytes=UNKEEPABLE["flash_bytes"]) / "robot_tests" / "keyword_spotting.robot"
    by_lab = lab_run(out, monkeypatch, "failing")
    by_robot = plain_robot(out.with_name("robot"), "failing", suite)
    assert by_robot[1:] == by_lab[1:]
    assert by_lab[0] == 1
    assert by_robot[0] == len(failed(by_robot[2])) == 4


def test_a_limit_that_no_test_names_is_checked_by_the_closing_one(out, monkeypatch):
    project(out, latency_ms=UNKEEPABLE["latency_ms"])
    code, result, tests = lab_run(out, monkeypatch)
    assert (code, broken(result)) == (1, ["latency_ms"])
    status, message = tests["Keeps Every Other Limit"]
    assert status == "FAIL"
    assert message.startswith("latency_ms is 187.5; limit: at most 187.4 (models/keyword-spotting/workload.toml:")


def test_a_metric_without_a_limit_is_shown_and_skipped(out, monkeypatch):
    fake_project.make(out.parent / "project", {"accuracy": "{ at_least = 0.9 }"})
    code, result, tests = lab_run(out, monkeypatch)
    assert (code, result["verdict"]) == (0, "passed")
    assert tests["Fits In Flash"] == ("SKIP", "workload.toml sets no limit for flash_bytes, which is 181,000.")


def test_recordings_that_speak_against_it_are_listed_in_the_log(out, monkeypatch):
    project(out)
    code, result, _ = lab_run(out, monkeypatch, "failing")
    assert code == 1
    assert set(broken(result)) == {"accuracy", "bit_exact", "skipped_recordings"}
    log = (out / "output.xml").read_text(encoding="utf-8")
    assert "4 recordings taken for another label" in log
    assert "features: step 17, channel 3 is 43 on the device, 42 on the host" in log
    assert "yes/broken.flac" in log


@pytest.mark.parametrize(
    ("outcome", "code", "verdict", "kind"),
    [
        ("faulting", 1, "failed", "DeviceFault"),
        ("broken_engine", 3, "error", "EngineError"),
        ("not_compiling", 2, "error", "BuildError"),
        ("crashing", 3, "error", "InfrastructureError"),
    ],
)
def test_a_run_that_ends_early_says_why_everywhere(out, monkeypatch, capsys, outcome, code, verdict, kind):
    project(out)
    found, result, tests = lab_run(out, monkeypatch, outcome)
    run = result["runs"][0]
    assert (found, result["verdict"], run["error"]["kind"]) == (code, verdict, kind)
    assert len(failed(tests)) == len(tests)
    assert all(run["error"]["message"] in message for message in failed(tests))
    said = capsys.readouterr()
    assert run["error"]["message"] in said.err
    assert run["error"]["remedy"] in said.err
    assert "Traceback" not in said.out + said.err


def test_a_run_that_is_interrupted_before_it_measures_has_a_result_all_the_same(out, monkeypatch):
    project(out)
    code, result, tests = lab_run(out, monkeypatch, "interrupted_while_building")
    assert (code, result["verdict"], result["runs"][0]["clips"]) == (130, "interrupted", [])
    assert len(failed(tests)) == len(tests)


def test_failing_robot_tests_that_cannot_be_written_down_are_not_a_pass(out, monkeypatch, capsys):
    suite = project(out) / "robot_tests" / "keyword_spotting.robot"
    with suite.open("a", encoding="utf-8") as stream:
        stream.write("\nIs Loved By All\n    Fail    It is not.\n")

    def cannot_be_written(*_arguments: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(judge, "with_failed_tests", cannot_be_written)
    code, result, _ = lab_run(out, monkeypatch)
    assert (code, result["verdict"]) == (3, "passed")
    assert "Robot tests failed, and result.json does not say so" in capsys.readouterr().err


def test_a_crash_leaves_its_traceback_in_the_run_folder(out, monkeypatch):
    project(out)
    lab_run(out, monkeypatch, "crashing")
    (file,) = out.glob("crash-*.txt")
    assert "ZeroDivisionError: division by zero" in file.read_text(encoding="utf-8")


def test_a_test_of_someone_s_own_that_fails_fails_the_verdict(out, monkeypatch):
    suite = project(out) / "robot_tests" / "keyword_spotting.robot"
    with suite.open("a", encoding="utf-8") as stream:
        stream.write("\nIs Loved By All\n    Fail    It is not.\n")
    code, result, tests = lab_run(out, monkeypatch)
    assert (code, result["verdict"], broken(result)) == (1, "failed", ["Is Loved By All"])
    assert tests["Is Loved By All"] == ("FAIL", "It is not.")


def test_a_metric_that_nothing_measures_is_a_mistake_in_the_suite(out, monkeypatch):
    suite = project(out) / "robot_tests" / "keyword_spotting.robot"
    with suite.open("a", encoding="utf-8") as stream:
        stream.write("\nMistyped\n    Then Acuracy Should Be Within Limits\n")
    code, _, tests = lab_run(out, monkeypatch)
    assert code == 1
    assert tests["Mistyped"][1].startswith("There is no metric named 'acuracy'. Did you mean 'accuracy'?")


def test_a_suite_that_robot_cannot_read_is_a_configuration_error(out, monkeypatch, capsys):
    suite = project(out) / "robot_tests" / "keyword_spotting.robot"
    suite.write_text("*** Settings ***\nLibrary    lab.robot\n", encoding="utf-8")
    monkeypatch.setattr(lab.measuring, "measure", fake_measuring.measure_with("passing"))
    assert main(["run", "keyword-spotting", "--out", str(out)]) == 2
    assert "contains no tests" in capsys.readouterr().err


def test_plain_robot_says_what_is_wrong_with_its_options(out):
    suite = project(out) / "robot_tests" / "keyword_spotting.robot"
    program = [sys.executable, str(fake_measuring.FILE), "passing", "robot", "--outputdir", str(out)]
    done = subprocess.run(
        [*program, "--variable", "TARGET:nano33blu", str(suite)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "There is no target named 'nano33blu'. Did you mean 'nano33ble'?" in done.stdout
    assert done.returncode == 11


def test_a_seed_that_is_no_whole_number_is_refused():
    keywords = FirmwareLab()
    keywords.firmware("keyword-spotting")
    with pytest.raises(Failure, match=r"seed is '1\.5': Input should be a valid integer"):
        keywords.a_stream_is_played(seed="1.5")


def test_an_option_that_there_is_not_is_refused():
    with pytest.raises(Failure, match=r"no option named 'modell'.* Did you mean 'model'"):
        FirmwareLab().firmware("keyword-spotting", modell="a.tflite")


def test_names_of_before_still_do_the_same_and_say_that_they_are_deprecated(out, monkeypatch):
    suite = project(out) / "robot_tests" / "keyword_spotting.robot"
    text = suite.read_text(encoding="utf-8").replace("On Every Recording", "On Every Clip")
    text = text.replace("Play Recordings To    keyword-spotting", "Listen")
    text += "\n\n*** Keywords ***\nListen\n    Firmware    keyword-spotting\n    It Listens To Recordings    jobs=1\n"
    suite.write_text(text, encoding="utf-8")
    code, _, tests = lab_run(out, monkeypatch)
    assert (code, {status for status, _ in tests.values()}) == (0, {"PASS"})
    warnings = [str(message) for message in ExecutionResult(str(out / "output.xml")).errors]
    assert [re.search(r"Use `(.*)`\.", warning)[1] for warning in warnings] == [
        "Recordings Are Played",
        "Device Should Equal Host On Every Recording",
    ]


def test_a_workload_without_a_suite_has_that_of_every_workload(out, monkeypatch):
    suites = project(out, flash_bytes=UNKEEPABLE["flash_bytes"]) / "robot_tests"
    (suites / "keyword_spotting.robot").unlink()
    code, result, tests = lab_run(out, monkeypatch)
    assert (code, broken(result)) == (1, ["flash_bytes"])
    assert [name for name, (status, _) in tests.items() if status == "FAIL"] == ["Fits In Memory"]


def test_a_project_without_that_suite_has_the_one_that_ships(out, monkeypatch):
    suites = project(out) / "robot_tests"
    for file in suites.glob("*.robot"):
        file.unlink()
    code, _, tests = lab_run(out, monkeypatch)
    assert (code, "Fits In Memory" in tests) == (0, True)


def test_plain_robot_is_told_the_workload_of_that_suite(out):
    suite = project(out) / "robot_tests" / "workload.robot"
    program = [sys.executable, str(fake_measuring.FILE), "passing", "robot", "--outputdir", str(out)]
    subprocess.run([*program, "--variable", "WORKLOAD:keyword-spotting", str(suite)], check=True, timeout=60)
    assert left_in(out)[0]["runs"][0]["workload"] == "keyword-spotting"
