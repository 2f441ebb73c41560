from __future__ import annotations

import json

import jsonschema
import pytest

from lab.errors import DeviceFault
from lab.verdict import schema
from lab.workload import Limit
from tests.comparing.runs import judged, keep, measured
from tests.fake_measuring import clip


def held(tmp_path, one, **how):
    return judged(one, baselines=tmp_path, **how).runs[0]


def test_an_unchanged_measurement_passes_without_any_check_more(tmp_path):
    keep(tmp_path)
    run = held(tmp_path, measured())
    assert (run.verdict, run.baseline.standing) == ("passed", "same")
    assert [check.origin for check in run.checks] == ["limit"]


@pytest.mark.parametrize(
    ("metric", "value", "said"),
    [
        ("accuracy", 0.99, "accuracy is 99 %, was 100 %; tolerated: at least 99.5 %"),
        ("bit_exact", 0.5, "bit_exact is 50 %, was 100 %; tolerated: at least 100 %"),
        (
            "instructions_per_inference",
            9_100_000,
            "instructions_per_inference is 9,100,000, was 9,000,000; tolerated: at most 9,090,000",
        ),
        ("flash_bytes", 190_000, "flash_bytes is 190,000, was 181,000; tolerated: at most 182,810"),
        ("arena_used_bytes", 29_000, "arena_used_bytes is 29,000, was 28,000; tolerated: at most 28,280"),
        ("stack_used_bytes", 1_905, "stack_used_bytes is 1,905, was 1,800; tolerated: at most 1,904"),
        ("missed_deadlines", 1, "missed_deadlines is 1, was 0; tolerated: at most 0"),
        ("ram_bytes", None, "ram_bytes has no value, was 90,000; tolerated: at most 90,900"),
    ],
)
def test_a_regression_fails_the_run_and_points_at_its_line(tmp_path, metric, value, said):
    file = keep(tmp_path)
    run = held(tmp_path, measured({metric: value}))
    (check,) = run.failed_checks
    assert (run.verdict, check.origin, check.name) == ("failed", "baseline", metric)
    path, line = check.where.rsplit(":", 1)
    assert f'"{metric}": ' in file.read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert str(check) == f"{said} ({path}:{line})"


def test_a_regression_can_be_said_and_fail_nothing(tmp_path):
    keep(tmp_path)
    run = held(tmp_path, measured({"flash_bytes": 190_000}), fail_on="limit")
    assert (run.verdict, run.baseline.standing, run.failed_checks) == ("passed", "worse", [])


def test_a_broken_limit_and_a_regression_are_two_checks(tmp_path):
    keep(tmp_path)
    run = held(tmp_path, measured({"flash_bytes": 190_000}), limits={"flash_bytes": Limit(at_most=185_000)})
    assert [check.origin for check in run.failed_checks] == ["limit", "baseline"]


def test_another_toolchain_passes_and_says_that_it_was_not_compared(tmp_path):
    keep(tmp_path)
    run = held(tmp_path, measured({"flash_bytes": 190_000}, build={"toolchain_hash": "0123456789abcdef"}))
    assert run.verdict == "passed"
    assert "flash_bytes" in run.baseline.why
    assert "another toolchain: 71f65383 before, 01234567 now" in run.baseline.why


def test_without_a_baseline_the_run_says_how_to_make_one(tmp_path):
    run = held(tmp_path, measured())
    assert (run.verdict, run.baseline.standing) == ("passed", "not comparable")
    assert run.baseline.why == "there is no baseline; `lab baseline update` makes one"
    assert run.baseline.against.endswith("keyword-spotting/nano33ble-reference.json")


def test_without_a_folder_of_baselines_nothing_is_compared():
    assert judged(measured()).runs[0].baseline is None


@pytest.mark.parametrize("changes", [{"error": DeviceFault("jumped to 0x0")}, {"interrupted": True}])
def test_what_is_not_whole_is_not_compared(tmp_path, changes):
    keep(tmp_path)
    assert held(tmp_path, measured(clips=(clip(0),), **changes)).baseline is None


def test_a_broken_baseline_is_the_runs_error_and_loses_nothing_that_was_measured(tmp_path):
    keep(tmp_path).write_text("{", encoding="utf-8")
    result = judged(measured(), baselines=tmp_path)
    (run,) = result.runs
    assert (result.verdict, result.exit_code, run.error.code) == ("error", 2, "baseline-broken")
    assert run.metrics == measured().metrics
    assert len(run.clips) == 24


def test_a_broken_policy_is_the_runs_error(tmp_path):
    (tmp_path / "policy.toml").write_text("[metrics]\nflash = {}\n", encoding="utf-8")
    assert judged(measured(), baselines=tmp_path).runs[0].error.code == "unknown-name"


def test_a_baseline_under_the_name_of_another_is_refused(tmp_path):
    file = keep(tmp_path)
    file.rename(file.with_name("nano33ble-fast.json"))
    run = held(tmp_path, measured(variant="fast"))
    assert "is a baseline of keyword-spotting nano33ble reference, not of keyword-spotting nano33ble fast" in (
        run.error.message
    )


def test_a_result_with_a_comparison_keeps_to_the_schema(tmp_path):
    keep(tmp_path)
    worse = measured({"flash_bytes": 190_000}, build={"model": "other crc 1"}, clips=(clip(2, decided="no"), clip(3)))
    result = judged(worse, baselines=tmp_path)
    assert result.runs[0].baseline.clips
    jsonschema.validate(json.loads(result.to_json()), json.loads(schema.FILE.read_text(encoding="utf-8")))


def test_an_added_recording_does_not_switch_the_gate_off(tmp_path):
    keep(tmp_path)
    slower = tuple(clip(number, cpu_load=0.21) for number in range(24))
    run = held(tmp_path, measured({"cpu_load": 0.21}, clips=(*slower, clip(24))))
    (broken,) = run.failed_checks
    assert (run.verdict, broken.name, broken.recordings) == ("failed", "cpu_load", 24)
    assert str(broken).startswith("cpu_load is 21 % (recordings compared: 24), was 20 %; tolerated: at most 20.2 % (")


def test_a_run_of_some_recordings_is_gated_by_those(tmp_path):
    keep(tmp_path)
    assert held(tmp_path, measured(clips=(clip(3),), partial=True)).verdict == "passed"
    assert held(tmp_path, measured(clips=(clip(3, instructions=9_200_000),), partial=True)).verdict == "failed"
