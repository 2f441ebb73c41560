"""Kind `mlperf-mfcc`: how far it is from MLPerf Tiny's definition, in steps of int8."""

from __future__ import annotations

import numpy as np
import pytest

from lab.building import host_features
from lab.features.mlperf_mfcc import Settings

from . import published, sounds

MFCC = Settings()
FINE = Settings(scale=0.05, zero_point=0)
"""Steps so small that a mistake in a filter or a transform is many of them."""
SETTINGS = [MFCC, FINE, Settings(window_ms=40, step_ms=25, coefficients=13)]


def cut(values, settings):
    """As the benchmark's make_bin_files.py does it: towards zero."""
    return np.clip(np.trunc(values / settings.scale + settings.zero_point), -128, 127).astype(int)


@pytest.fixture(scope="module")
def every():
    return np.concatenate([sounds.made_up(), sounds.spoken()])


@pytest.mark.parametrize("settings", SETTINGS, ids=["published", "fine", "longer"])
def test_they_are_those_of_the_definition(every, settings):
    """A step apart at most, where a value is a whole number of steps but for rounding: one value in 1,000.

    Rows of silence are such: all but their first coefficient are 0, the zero point.
    """
    window, step = settings.window_frames(sounds.HEARD), settings.step_frames(sounds.HEARD)
    points = 1 << (window - 1).bit_length()
    defined = np.stack([published.mlperf_mfcc(one, window, step, points, settings.coefficients) for one in every])
    found = host_features.of_each(every, settings, sounds.HEARD).astype(int)
    apart = np.abs(found - cut(defined, settings))
    silent = np.all(np.abs(defined[..., 1:]) < 1e-9, axis=-1)
    assert 30 < silent.sum() < silent.size / 5
    assert apart.max() <= 1
    assert np.count_nonzero(apart[~silent]) <= apart[~silent].size / 1_000
    assert np.all(found[silent][:, 1:] == settings.zero_point)


def test_the_definition_is_tensorflows(every):
    """Its float32 against float64; a row of silence is ln 1e-6 in each band."""
    tf = pytest.importorskip("tensorflow")
    for one in every:
        loud = tf.constant(one / max(1, one.max()), tf.float32)
        magnitude = tf.abs(tf.signal.stft(loud, 480, 320))
        filters = tf.signal.linear_to_mel_weight_matrix(40, 257, 16_000, 20.0, 4_000.0)
        levels = tf.math.log(tf.tensordot(magnitude, filters, 1) + 1e-6)
        theirs = tf.signal.mfccs_from_log_mel_spectrograms(levels)[..., :10].numpy()
        assert np.abs(theirs - published.mlperf_mfcc(one)).max() < 0.02 * MFCC.scale


def test_the_loudest_frame_of_the_whole_second_is_one():
    """The last 10 ms are in no row, and count all the same."""
    quiet = sounds.spoken()[5] // 8
    struck = quiet.copy()
    struck[15_900] = 32_000
    without, found = (host_features.of(one, MFCC, sounds.HEARD) for one in (quiet, struck))
    assert np.array_equal(found, cut(published.mlperf_mfcc(struck), MFCC))
    assert np.all(found[:, 0] < without[:, 0])


def test_a_stream_gives_what_its_last_second_gives(every):
    stream = np.concatenate(every[:14:3])
    given = host_features.in_turn(stream, MFCC, sounds.HEARD, stride_steps=7)
    assert len(given) == (len(stream) - 16_000) // 320 // 7 + 1
    for n, one in enumerate(given):
        last = stream[7 * 320 * n :][:16_000]
        assert np.array_equal(one, host_features.of(last, MFCC, sounds.HEARD))


def test_silence_is_no_sound_at_all():
    silent = host_features.of(np.zeros(16_000, np.int16), MFCC, sounds.HEARD)
    assert np.all(silent == [-128] + 9 * [83])
