from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lab.configuration import read_toml
from lab.measuring import SkippedClip
from lab.metrics import Quantity
from lab.verdict.checks import checks
from lab.workload import Workload
from tests.fake_measuring import measurement, stream_measurement

WORKLOAD = """\
title = "Three words"
labels = ["yes", "no"]
model = "m.tflite"
arena_bytes = 1024
targets = ["nano33ble"]
task = "detection"
input = { sensor = "microphone", rate_hz = 16000, window_s = 1.0 }
features = { kind = "tflm-audio-frontend", window_ms = 30, step_ms = 20, channels = 40, steps = 49, lower_hz = 125, \
upper_hz = 7500 }
decision = { kind = "average", stride_ms = 1000, average_ms = 1000, threshold = 0.7, refractory_ms = 1000 }

[recordings]
folder = "recordings"
source = "synthetic"
max_skipped = 1

[limits]
# how many are right
accuracy = { at_least = 0.9 }
flash_bytes = { at_least = 100_000, at_most = 200_000 }
"""


@pytest.fixture
def workload(tmp_path: Path) -> Workload:
    file = tmp_path / "workload.toml"
    file.write_text(WORKLOAD, encoding="utf-8")
    return read_toml(file, Workload, name="words", folder=tmp_path)


def with_metric(name: str, value: float | None):
    good = measurement()
    return replace(good, metrics={**good.metrics, name: Quantity(value, "", "exact")})


def outcome(workload: Workload, measured, name: str):
    return next(check for check in checks(workload, measured) if check.name == name)


@pytest.mark.parametrize(
    ("value", "passed"), [(100_000, True), (200_000, True), (99_999, False), (200_001, False), (None, False)]
)
def test_bounds_are_inclusive_and_a_value_that_was_not_counted_fails(workload, value, passed):
    assert outcome(workload, with_metric("flash_bytes", value), "flash_bytes").passed is passed


def test_a_board_is_held_to_limits_of_its_own_where_it_has_them(workload):
    file = workload.file
    file.write_text(f"{WORKLOAD}\n[limits_on.nano33ble]\nflash_bytes = {{ at_most = 300_000 }}\n", encoding="utf-8")
    workload = read_toml(file, Workload, name="words", folder=workload.folder)
    check = outcome(workload, with_metric("flash_bytes", 250_000), "flash_bytes")
    assert check.passed
    assert check.where.endswith("workload.toml:22")
    elsewhere = replace(with_metric("flash_bytes", 250_000), target="another")
    assert not outcome(workload, elsewhere, "flash_bytes").passed
    assert outcome(workload, elsewhere, "accuracy").passed


def test_a_metric_that_is_missing_fails_and_says_so(workload):
    check = outcome(workload, replace(measurement(), metrics={}), "accuracy")
    assert not check.passed
    assert str(check).startswith("accuracy has no value; limit: at least 90 % (")


def test_a_check_names_file_and_line_of_its_limit(workload):
    assert outcome(workload, measurement(), "accuracy").where.endswith("workload.toml:18")
    assert outcome(workload, measurement(), "flash_bytes").where.endswith("workload.toml:19")


def test_a_file_of_the_project_is_named_from_its_root(workload, tmp_path, monkeypatch):
    for folder in ("firmware", "models", "renode_platforms", "robot_tests"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("LAB_PROJECT", str(tmp_path))
    assert outcome(workload, measurement(), "accuracy").where == "workload.toml:18"


def test_a_broken_limit_is_said_with_value_limit_and_place(workload):
    check = outcome(workload, with_metric("flash_bytes", 234_567), "flash_bytes")
    assert str(check).startswith("flash_bytes is 234,567; limit: at least 100,000 and at most 200,000 (")


@pytest.mark.parametrize(("skipped", "passed"), [(1, True), (2, False)])
def test_recordings_skipped_beyond_the_limit_fail(workload, skipped, passed):
    measured = replace(measurement(), skipped=(SkippedClip("a.wav", "broken"),) * skipped)
    check = outcome(workload, measured, "skipped_recordings")
    assert (check.passed, check.value) == (passed, skipped)
    assert check.where.endswith("workload.toml:14")


def test_a_stream_is_held_to_the_limits_of_streams_and_its_boards_go_before_those_of_all(tmp_path):
    table = """
[streaming.limits]
miss_rate = { at_most = 0.5 }
cpu_load = { at_most = 0.4 }

[streaming.limits_on.nano33ble]
cpu_load = { at_most = 0.6 }
"""
    file = tmp_path / "workload.toml"
    file.write_text(WORKLOAD + table, encoding="utf-8")
    workload = read_toml(file, Workload, name="words", folder=tmp_path)
    found = {check.name: check for check in checks(workload, stream_measurement())}
    assert list(found) == ["miss_rate", "cpu_load", "skipped_recordings"]
    assert all(check.passed for check in found.values())
    text = file.read_text(encoding="utf-8").splitlines()
    lines = {name: text[int(found[name].where.rpartition(":")[2]) - 1] for name in ("miss_rate", "cpu_load")}
    assert lines == {"miss_rate": "miss_rate = { at_most = 0.5 }", "cpu_load": "cpu_load = { at_most = 0.6 }"}
