from __future__ import annotations

import numpy as np
import pytest

from lab import workload
from lab.training import recipes
from lab.training.speech import augmentation

RATE_HZ = 16_000


@pytest.fixture
def settings():
    return recipes.of(workload.load("keyword-spotting")).augmentation


def _still(settings, **changed):
    """Settings that change nothing but what is given."""
    none = {"speed": (1, 1), "shift_ms": (0, 0), "tilt": (0, 0), "gain_db": (0, 0), "silence_gain_db": (0, 0)}
    none |= {"noise_share": 0.0, "snr_db": (20, 20), "tempo": (1, 1), "vocal_tract": (1, 1), "masks": 0}
    return settings.model_copy(update=none | changed)


def _tone(hertz=440.0, level=8_000):
    return np.rint(level * np.sin(2 * np.pi * hertz * np.arange(RATE_HZ) / RATE_HZ)).astype(np.int16)


def _heard(samples, settings, seed=1, backgrounds=(), *, silence=False):
    rng = np.random.default_rng(seed)
    return augmentation.heard_otherwise(samples, RATE_HZ, backgrounds, settings, rng, silence=silence)


def test_a_seed_gives_the_same_variant_again_and_another_seed_another(settings):
    first, again, other = (_heard(_tone(), settings, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.shape == (RATE_HZ,)
    assert first.dtype == np.int16


def test_settings_that_change_nothing_change_nothing(settings):
    np.testing.assert_array_equal(_heard(_tone(), _still(settings)), _tone())


def test_a_shift_moves_the_sound_and_fills_with_zeros(settings):
    moved = _heard(_tone(), _still(settings, shift_ms=(50, 50)))
    assert not moved[:800].any()
    np.testing.assert_array_equal(moved[800:], _tone()[:-800])


def test_speed_raises_the_pitch(settings):
    spectrum = np.abs(np.fft.rfft(_heard(_tone(hertz=1_000), _still(settings, speed=(1.1, 1.1)))))
    assert np.argmax(spectrum) == pytest.approx(1_100, abs=2)


def test_gain_is_in_decibels_and_stops_at_full_scale(settings):
    assert np.abs(_heard(_tone(), _still(settings, gain_db=(-20, -20)))).max() == 800
    assert _heard(_tone(), _still(settings, gain_db=(40, 40))).min() == -32_768


def test_silence_has_a_gain_of_its_own(settings):
    quieter = _still(settings, silence_gain_db=(-20, -20))
    assert np.abs(_heard(_tone(), quieter, silence=True)).max() == 800
    assert np.abs(_heard(_tone(), quieter)).max() == 8_000


@pytest.mark.parametrize("backgrounds", [(), (_tone(100.0, 50),)], ids=["coloured", "recorded"])
def test_noise_is_so_many_decibels_below_the_sound(settings, backgrounds):
    noisy = _heard(_tone(), _still(settings, noise_share=1.0, snr_db=(20, 20)), backgrounds=backgrounds)
    noise = noisy.astype(float) - _tone()
    assert np.sqrt(np.mean(noise**2)) == pytest.approx(8_000 / np.sqrt(2) / 10, rel=0.05)


def test_stretching_keeps_the_middle_and_the_shape(settings):
    features = np.full((49, 40), -128, np.int8)
    features[24, 10] = features[24, 29] = 100
    slower = augmentation.stretched(features, _still(settings, vocal_tract=(0.5, 0.5)), np.random.default_rng(1))
    assert slower.shape == (49, 40)
    peaks = np.argsort(slower[24].astype(int))[-2:]
    assert slower[24].max() > 0
    assert sorted(peaks.tolist()) != [10, 29]
    np.testing.assert_array_equal(
        augmentation.stretched(features, _still(settings), np.random.default_rng(1)), features
    )


def test_masks_hide_stripes_of_bounded_width_clip_by_clip(settings):
    batch = np.zeros((64, 49, 40), np.int8)
    bounds = _still(settings, masks=1, masked_steps=6, masked_channels=0)
    augmentation.mask(batch, bounds, np.random.default_rng(3))
    hidden = (batch == -128).all(axis=2).sum(axis=1)
    assert hidden.max() == 6
    assert len(set(hidden.tolist())) > 3
    assert set(np.unique(batch)) == {-128, 0}
