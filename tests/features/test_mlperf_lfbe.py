"""Kind `mlperf-lfbe`: how far it is from MLPerf Tiny's definition, in steps of int8."""

from __future__ import annotations

import numpy as np
import pytest

from lab.building import host_features
from lab.features.mlperf_lfbe import Settings

from . import published, sounds

LFBE = Settings()
OTHER = Settings(window_ms=40, step_ms=24)


@pytest.fixture(scope="module")
def every():
    return np.concatenate([sounds.made_up(), sounds.spoken()])


@pytest.mark.parametrize("settings", [LFBE, OTHER], ids=["published", "other"])
def test_they_are_those_of_the_definition(every, settings):
    """A step apart at most, one value in 2,000."""
    window, step = settings.window_frames(sounds.HEARD), settings.step_frames(sounds.HEARD)
    values = np.stack([published.mlperf_lfbe(one, window, step) for one in every])
    defined = np.clip(np.floor(values / settings.scale + settings.zero_point + 0.5), -128, 127).astype(int)
    found = host_features.of_each(every, settings, sounds.HEARD).astype(int)
    assert found.shape == defined.shape
    assert len(np.unique(found)) > 200
    steps = np.abs(found - defined)
    assert steps.max() <= 1
    assert np.count_nonzero(steps) <= steps.size / 2_000


def test_the_definition_is_tensorflows(every):
    tf = pytest.importorskip("tensorflow")
    filters = tf.signal.linear_to_mel_weight_matrix(40, 513, 16_000, 0.0, 8_000.0)
    for one in every:
        sound = np.float32(one / 2**15)
        emphasised = sound - np.float32(1 - 2**-5) * np.concatenate([[np.float32(0)], sound[:-1]])
        transformed = tf.signal.stft(emphasised, 1_024, 512, window_fn=lambda n, dtype: hamming(tf, n, dtype))
        energy = tf.tensordot(tf.maximum(tf.abs(transformed) ** 2 / 1_024, 1e-30), filters, 1).numpy()
        theirs = np.clip((10 * np.log10(energy) + 52) / 64, 0, 1)
        assert np.abs(theirs - published.mlperf_lfbe(one)).max() < 0.05 * LFBE.scale


def hamming(tf, frames, dtype):
    return tf.signal.hamming_window(frames, periodic=False, dtype=dtype)


def test_silence_is_no_sound_at_all():
    assert np.all(host_features.of(np.zeros(16_000, np.int16), LFBE, sounds.HEARD) == -128)
