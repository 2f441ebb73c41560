from __future__ import annotations

import re

import pytest

from lab import workload
from lab.configuration import read_toml
from lab.errors import ConfigurationError, UnknownName
from lab.signals.input import Input
from tests import fake_project


@pytest.mark.parametrize("key", ["arena_bytes", "rate_hz", "step_ms", "stride_ms"])
def test_a_size_of_zero_is_refused_by_the_name_of_its_key(tmp_path, key):
    whole = workload.load("keyword-spotting").file.read_text()
    file = tmp_path / "workload.toml"
    file.write_text(re.sub(rf"(?m)^{key} = .*$", f"{key} = 0", whole))
    with pytest.raises(ConfigurationError, match=f"{key}: Input should be greater than 0"):
        read_toml(file, workload.Workload, name="keyword-spotting", folder=tmp_path)


def test_an_arena_that_no_board_could_address_is_refused_before_a_build(tmp_path):
    whole = workload.load("keyword-spotting").file.read_text()
    file = tmp_path / "workload.toml"
    file.write_text(re.sub(r"(?m)^arena_bytes = .*$", "arena_bytes = 9_223_372_036_854_775_807", whole))
    with pytest.raises(ConfigurationError, match="arena_bytes: Input should be less than 2147483648"):
        read_toml(file, workload.Workload, name="keyword-spotting", folder=tmp_path)


@pytest.mark.parametrize("said", ["", 'arena_bytes = 1_024\narena = "auto"'], ids=["neither", "both"])
def test_a_workload_says_in_one_way_how_large_its_arena_is(tmp_path, said):
    whole = workload.load("keyword-spotting").file.read_text()
    file = tmp_path / "workload.toml"
    file.write_text(re.sub(r"(?m)^arena_bytes = .*$", said, whole))
    with pytest.raises(ConfigurationError, match="either arena_bytes, or arena"):
        read_toml(file, workload.Workload, name="keyword-spotting", folder=tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("snr_db = [6, 30]", "snr_db = [30, 6]", "snr_db: the first number is larger than the second"),
        ("unknown_share = 0.25", "unknown_share = 2", "unknown_share: Input should be less than or equal to 1"),
    ],
)
def test_a_stream_that_cannot_be_composed_is_refused_by_the_name_of_its_key(tmp_path, before, after, complaint):
    whole = workload.load("keyword-spotting").file.read_text()
    file = tmp_path / "workload.toml"
    assert before in whole
    file.write_text(whole.replace(before, after))
    with pytest.raises(ConfigurationError, match=complaint):
        read_toml(file, workload.Workload, name="keyword-spotting", folder=tmp_path)


def test_a_limit_of_a_stream_has_to_be_of_one_of_its_metrics(tmp_path, monkeypatch):
    project = fake_project.make(tmp_path / "project")
    monkeypatch.setenv("LAB_PROJECT", str(project))
    file = project / "models" / "keyword-spotting" / "workload.toml"
    file.write_text(
        file.read_text().replace("[streaming.limits]\n", "[streaming.limits]\naccuracy = { at_least = 1 }\n")
    )
    with pytest.raises(UnknownName, match=r"workload.toml:\d+: .*accuracy"):
        workload.load("keyword-spotting")


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"hop_s": 1e-6}, "a hop_s of 1e-06 s is shorter than a frame at 25 Hz"),
        ({"window_s": 0.01}, "there is no frame at 25 Hz in a window of 0.01 s"),
        ({"lead_s": 2.0}, "lead_s leaves nothing of a window of 2 s"),
        ({"axes": ("x", "", "z")}, "an axis has no name"),
    ],
)
def test_an_input_without_a_frame_in_its_windows_is_refused(changed, complaint):
    with pytest.raises(ValueError, match=complaint):
        Input(**{"sensor": "accelerometer", "rate_hz": 25, "window_s": 2.0, "axes": ("x", "y", "z"), **changed})
