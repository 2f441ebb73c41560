"""A trace as a sensor delivers it."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import soxr

from lab.errors import UsageError
from lab.replaying.choosing import Chosen
from lab.replaying.feed import Feed
from lab.signals.input import Input
from lab.traces.trace import Held, RecordedSignal

AXES = ("x", "y", "z")
MOTION = Input(sensor="accelerometer", rate_hz=20, window_s=2, axes=AXES, unit="g", range=4, bits=14)
SOUND = Input(sensor="microphone", rate_hz=16_000, window_s=1)
ONE_G = 2048


def motion(values: np.ndarray, times_s: np.ndarray | None = None, rate_hz: float = 20, start_s: float = 0.0) -> Chosen:
    columns = np.repeat(np.asarray(values, float)[:, None], 3, axis=1)
    signal = RecordedSignal("accelerometer", AXES, ("g",) * 3, Held(columns), rate_hz, times_s, start_s)
    return Chosen(signal, (0, 1, 2), (1.0, 1.0, 1.0))


def sound(samples: np.ndarray, rate_hz: float = 16_000, channels: int = 1) -> Chosen:
    values = np.repeat(samples[:, None] / 32_768, channels, axis=1)
    axes = tuple(str(number) for number in range(channels))
    signal = RecordedSignal("", axes, ("",) * channels, Held(values), rate_hz)
    return Chosen(signal, tuple(range(channels)), (1.0,) * channels, mixes=channels > 1)


def delivered(feed: Feed, block: int = 2**20) -> np.ndarray:
    return np.concatenate(list(feed.blocks(block)))


def test_sound_of_the_rate_passes_bit_for_bit_and_is_known_by_its_hash():
    samples = np.random.default_rng(1).integers(-32_768, 32_768, 40_001).astype(np.int16)
    feed = Feed(sound(samples), SOUND)
    assert np.array_equal(delivered(feed, 999)[:, 0], samples)
    assert feed.stimulus == hashlib.sha256(samples.tobytes()).hexdigest()
    assert (feed.notes, feed.clipped) == ((), 0)


@pytest.mark.parametrize("rate_hz", [8_000, 44_100])
def test_another_rate_is_resampled_alike_in_blocks_of_any_size(rate_hz):
    noise = np.random.default_rng(2).normal(0, 3_000, 3 * rate_hz).astype(np.int16)
    feed = Feed(sound(noise, rate_hz), SOUND)
    whole = delivered(feed)
    assert len(whole) == 3 * 16_000
    assert np.array_equal(whole, delivered(feed, 5_000))
    at_once = np.rint(soxr.resample(noise / 32_768, rate_hz, 16_000, quality="VHQ") * 32_768)
    assert np.abs(whole[:, 0] - at_once[: len(whole)]).max() <= 1
    assert feed.notes == (f"resampled {rate_hz}->16000 Hz",)


def test_channels_of_sound_are_averaged():
    samples = np.arange(100, dtype=np.int16)
    assert np.array_equal(delivered(Feed(sound(samples, channels=2), SOUND))[:, 0], samples)


def test_a_part_of_a_trace_is_what_lies_in_it():
    feed = Feed(motion(np.arange(100) / ONE_G), MOTION, from_s=1.0, to_s=2.5)
    assert delivered(feed)[:, 0].tolist() == list(range(20, 50))
    assert feed.seconds == 1.5


@pytest.mark.parametrize("from_s", [5.0, 7.0])
def test_nothing_is_left_beyond_the_end(from_s):
    with pytest.raises(UsageError, match="ends at 5 s"):
        Feed(motion(np.zeros(100)), MOTION, from_s=from_s)


def test_before_its_first_frame_motion_stands_still():
    feed = Feed(motion(np.full(20, 1.0), start_s=0.5), MOTION)
    assert delivered(feed)[:, 2].tolist() == [ONE_G] * 30


def test_frames_near_the_ticks_are_those_of_the_ticks_whatever_their_jitter():
    times = np.arange(200) / 20 + np.random.default_rng(3).uniform(-0.02, 0.02, 200)
    values = np.arange(200) / ONE_G
    feed = Feed(motion(values, times - times[0]), MOTION)
    assert delivered(feed)[:200, 0].tolist() == list(range(200))
    assert feed.notes == ()


def test_in_a_gap_the_last_frame_is_held_and_time_goes_on():
    """Ten frames, two seconds of nothing, ten frames: as recorded the second ten come two seconds later."""
    times = np.concatenate([np.arange(10) / 20, 2.5 + np.arange(10) / 20])
    values = np.concatenate([np.full(10, 1.0), np.full(10, -1.0)])
    feed = Feed(motion(values, times), MOTION)
    assert delivered(feed)[:, 1].tolist() == [ONE_G] * 50 + [-ONE_G] * 10
    assert feed.notes == ("had uneven times: interpolated linearly, gaps held",)


def test_nominal_timing_closes_gaps():
    times = np.concatenate([np.arange(10) / 20, 2.5 + np.arange(10) / 20])
    values = np.arange(20) / ONE_G
    assert delivered(Feed(motion(values, times), MOTION, "nominal"))[:, 1].tolist() == list(range(20))


def test_drift_is_kept_as_recorded_and_closed_as_nominal():
    """A part that is 2 % slow takes 1,000 frames in 51 s, where 50 s are nominal."""
    times = np.arange(1_000) / 19.6
    ramp = np.arange(1_000) / 1_000
    recorded, nominal = (Feed(motion(ramp, times, 19.6), MOTION, timing) for timing in ("recorded", "nominal"))
    assert recorded.frames == round(1_000 / 19.6 * 20)
    assert delivered(recorded)[-1, 0] == pytest.approx(0.999 * ONE_G, abs=1)
    assert nominal.frames == round(1_000 / 19.6 * 20)


def test_values_beyond_the_range_are_clipped_and_counted():
    feed = Feed(motion(np.array([0.0, 5.0, -9.0])), MOTION)
    assert delivered(feed)[:, 0].tolist() == [0, 8191, -8192]
    assert feed.clipped == 6


def test_what_was_marked_at_a_time_stands_where_that_is_played():
    times = np.concatenate([np.arange(40) / 20, 10 + np.arange(40) / 20])  # a gap of eight seconds
    chosen = motion(np.arange(80.0) / 100, times)
    assert Feed(chosen, MOTION).when(10.5) == 10.5
    nominal = Feed(chosen, MOTION, "nominal")
    assert nominal.when(1.0) == pytest.approx(1.0)
    assert nominal.when(10.5) == pytest.approx(2.5)
