"""Recordings at other rates than the workload's, and at uneven times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lab.errors import RecordingError
from lab.recordings import reading
from tests.recordings.motion_files import LABELS, RATE_HZ, STEPS, WORN, put, shaken, steps, table, times

HEADER = "time (s),x (g),y (g),z (g)"


def swung(at: np.ndarray) -> np.ndarray:
    """In g, [frames, 3], at those times: two swings a second and gravity."""
    return np.stack([np.sin(4 * np.pi * at), np.cos(4 * np.pi * at), np.ones_like(at)], axis=1)


def played(folder: Path, text: str, described: str = "") -> reading.Recording:
    put(folder / "walking.csv", text)
    if described:
        put(folder / "dataset.toml", described)
    (entry,) = reading.read(folder, WORN, LABELS)
    return reading.load(entry, WORN)


def refused(folder: Path, text: str, code: str, described: str = "") -> str:
    with pytest.raises(RecordingError) as raised:
        played(folder, text, described)
    assert raised.value.code == code
    assert raised.value.message.startswith(f"{folder / 'walking.csv'} has ")
    return raised.value.message


@pytest.mark.parametrize("rate_hz", [25, 31.25, 52, 100, 200, 1_000, 5_000])
def test_another_rate_is_resampled_without_a_swing_at_either_end(tmp_path, rate_hz):
    at = times(int(2.2 * rate_hz), rate_hz)
    loaded = played(tmp_path, table(HEADER, at, swung(at)))
    assert loaded.notes[:-1] == (f"resampled {rate_hz:.4g}->50 Hz",)
    error = np.abs(loaded.samples / STEPS - swung(times()))
    assert error[:, 2].max() < 1e-3
    assert error[:-5].max() < (0.06 if rate_hz < 50 else 0.03)


def test_a_clock_that_is_a_little_off_is_taken_for_the_rate(tmp_path):
    loaded = played(tmp_path, table(HEADER, times(rate_hz=50.3), shaken()))
    assert np.array_equal(loaded.samples, steps(shaken()))
    assert loaded.notes == ("its rate, within 1 % of 50 Hz, taken for that",)


@pytest.mark.parametrize(("unit", "scale"), [("s", 1), ("ms", 1e3), ("us", 1e6), ("µs", 1e6), ("ns", 1e9)])
def test_times_have_a_unit_and_may_count_from_1970(tmp_path, unit, scale):
    at = np.round((1_700_000_000 + times()) * scale) if scale > 1 else times()
    loaded = played(tmp_path, table(f"timestamp ({unit}),x (g),y (g),z (g)", at, shaken()))
    assert np.array_equal(loaded.samples, steps(shaken()))


def test_uneven_times_are_made_even_and_that_is_said(tmp_path):
    at = times() + np.random.default_rng(1).uniform(-0.004, 0.004, 100)
    at[0], at[-1] = 0, 99 / RATE_HZ
    loaded = played(tmp_path, table(HEADER, at, swung(at)))
    assert loaded.notes == ("had uneven times, made even by interpolation",)
    assert np.abs(loaded.samples / STEPS - swung(times())).max() < 0.02


def test_times_in_whole_milliseconds_do_not_change_the_number_of_frames(tmp_path):
    at = np.round(times(rate_hz=60, frames=130) * 1000)  # steps of 16 and 17 ms
    loaded = played(tmp_path, table("time (ms),x (g),y (g),z (g)", at, swung(at / 1000)))
    assert loaded.notes[:2] == ("had uneven times, made even by interpolation", "resampled 60->50 Hz")


def test_up_to_three_lost_frames_are_filled_in(tmp_path):
    kept = [frame for frame in range(110) if frame not in (30, 31, 60)]
    at = times(110)[kept]
    loaded = played(tmp_path, table(HEADER, at, swung(at)))
    assert loaded.notes[0] == "had uneven times, made even by interpolation"
    assert np.abs(loaded.samples / STEPS - swung(times())).max() < 0.11


def test_a_gap_is_refused_at_its_line(tmp_path):
    at = times()
    at[40:] += 0.1
    said = refused(tmp_path, table(HEADER, at, shaken()), "recording-times")
    assert "has a gap of 0.12 s before line 42, where a frame comes every 0.02 s" in said
    assert "resampled" not in played(tmp_path, table(HEADER, at, shaken()), "rate_hz = 50\n").notes


@pytest.mark.produces("recording-times")
@pytest.mark.parametrize(("step", "how"), [(-0.5, "goes back by 0.48 s"), (-0.02, "stands still")])
def test_times_that_do_not_go_on_are_refused_at_their_line(tmp_path, step, how):
    at = times()
    at[40:] += step
    if "still" in how:
        at[40] = at[39]
        put(tmp_path / "a", "")
        assert "at line 42 the time stands still" in refused(tmp_path, table(HEADER, at, shaken()), "recording-times")
        at[40:] -= 0.1
    assert "at line 42 the time goes back by" in refused(tmp_path, table(HEADER, at, shaken()), "recording-times")


@pytest.mark.produces("recording-rate")
@pytest.mark.parametrize("rate_hz", [10, 24, 5_100, 50_000])
def test_a_rate_far_from_the_workloads_is_refused(tmp_path, rate_hz):
    frames = 3 * rate_hz if rate_hz < 1000 else rate_hz
    said = refused(tmp_path, table(HEADER, times(frames, rate_hz), shaken(frames)), "recording-rate")
    assert f"has a rate of {rate_hz:,} Hz, and the workload's is 50 Hz: " in said
    assert ("lacks" in said) == (rate_hz < 25)


def test_seconds_taken_for_milliseconds_are_found_out(tmp_path):
    text = table("time,x_g,y_g,z_g", times(200), shaken(200))
    refused(tmp_path, text, "recording-rate", 'time_unit = "ms"\n')
    text = table("time,x_g,y_g,z_g", times(200) * 1000, shaken(200))
    refused(tmp_path, text, "recording-rate", 'time_unit = "s"\n')
