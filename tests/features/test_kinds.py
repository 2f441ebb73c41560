"""The firmware's feature sources, compiled for this machine, against definitions in numpy; and what a kind refuses."""

from __future__ import annotations

import numpy as np
import pytest

from lab.building import host_features
from lab.features import movement, spectrum, window
from lab.signals.input import Input

from . import references

QUANTISED = {"scale": 1 / 64, "zero_point": 0}
DETAILED = window.Settings(window=80, shift=5, detail_shift=2, **QUANTISED)


@pytest.fixture(scope="module")
def felt():
    return Input(sensor="accelerometer", rate_hz=25, window_s=8.0, axes=("x", "y", "z"), unit="g", range=4, bits=14)


@pytest.fixture(scope="module")
def signals():
    """Loud noise, quiet noise, tones, bursts, and every value at its limit."""
    rng = np.random.default_rng(7)
    time = np.arange(200)[:, None]
    tones = [3_000 * np.sin(time * rate / np.array([3.1, 4.7, 6.3])) for rate in (0.5, 1.0, 2.2)]
    bursts = [(time % 170 < 30 + 40 * n) * 1_500 * np.sin(time / np.array([3.1, 4.3, 5.2])) for n in range(3)]
    noise = [rng.normal(0, level, (200, 3)) for level in (2_000, 100, 3)]
    limits = [np.full((200, 3), limit) for limit in (-8192, 0, 8191)]
    every = np.stack([*tones, *bursts, *noise, *limits])
    return np.clip(every + rng.normal(0, 20, every.shape) * (np.abs(every) < 8_000), -8192, 8191).astype(np.int16)


@pytest.mark.parametrize("detail_shift", [None, 0, 2])
def test_a_window_is_the_last_frames_with_and_without_their_mean(signals, felt, detail_shift):
    settings = window.Settings(window=80, shift=5, detail_shift=detail_shift, **QUANTISED)
    found = host_features.of_each(signals, settings, felt)
    assert found.shape == (len(signals), *settings.shape(felt))
    for signal, values in zip(signals, found, strict=True):
        assert np.array_equal(values, references.window(signal[-80:], 5, detail_shift))


@pytest.mark.parametrize(("points", "hop", "bands"), [(64, 17, 32), (128, 72, 40), (16, 16, 8)])
def test_a_spectrum_is_the_logarithm_of_mean_power_in_each_band(signals, felt, points, hop, bands):
    settings = spectrum.Settings(window=200, points=points, hop=hop, bands=bands, **QUANTISED)
    for signal, values in zip(signals, host_features.of_each(signals, settings, felt), strict=True):
        assert np.array_equal(values, references.spectrum(signal, points, hop, bands, 4, 5))


def test_a_tone_is_in_the_band_of_its_frequency(felt):
    settings = spectrum.Settings(window=200, points=64, hop=17, bands=32, **QUANTISED)
    tone = (4_000 * np.sin(2 * np.pi * 10 * np.arange(200) / 64)).astype(np.int16)  # ten turns in 64 frames
    values = host_features.of(np.stack([np.zeros_like(tone), tone, np.zeros_like(tone)], axis=1), settings, felt)
    assert (values[0].max(), int(values[1].argmax())) == (-128, 10)


def test_how_the_sensor_is_mounted_does_not_change_a_spectrum(signals, felt):
    settings = spectrum.Settings(window=200, points=64, hop=17, bands=32, **QUANTISED)
    quiet = signals[7]
    tilted = quiet + np.array([1_000, -2_000, 300], np.int16)
    assert np.array_equal(host_features.of(quiet, settings, felt), host_features.of(tilted, settings, felt))


MOVEMENTS = references.Movements(on=14_400, off=8_000, hang=8, back=12, trim=5, shortest=20, longest=112)


@pytest.fixture(scope="module")
def movements():
    return movement.Settings(
        on=14_400, off=8_000, hang=8, back=12, trim=5, shortest=20, longest=112, points=48, shift=5, **QUANTISED
    )


@pytest.fixture(scope="module")
def stream():
    """Bursts of growing length with rests between them: too short, right, too long; and two with a short rest."""
    rng = np.random.default_rng(3)
    frame = np.arange(4_000)
    moving = (frame % 170 < 4 + frame // 30)[:, None]
    wave = 1_500 * moving * np.sin(frame[:, None] / np.array([3.1, 4.3, 5.2]))
    return (wave + rng.normal(0, 20, wave.shape)).astype(np.int16)


def test_movements_begin_and_end_where_the_activity_says(stream, movements, felt):
    found = MOVEMENTS.found(stream)
    assert 5 < len(found) < 20
    for start, end, told in found:
        heard = host_features.of(stream[: told + 1], movements, felt.model_copy(update={"window_s": 200.0}))
        longest = max(MOVEMENTS.found(stream[: told + 1]), key=lambda one: one[1] - one[0])
        assert np.array_equal(heard, references.brought(stream[longest[0] : longest[1] + 1], 48, 5))
        assert end - start + 1 <= 112


def test_without_any_movement_the_last_frames_are_taken(movements, felt):
    still = np.tile(np.array([100, 200, 2_000], np.int16), (200, 1))
    assert np.array_equal(host_features.of(still, movements, felt), references.brought(still[-125:], 48, 5))


@pytest.mark.parametrize(
    ("kind", "index", "place"),
    [
        (window.Settings(window=80, shift=5, detail_shift=2, **QUANTISED), 6 * 40 + 1, "axis y, sample 40"),
        (
            window.Settings(window=80, shift=5, detail_shift=2, **QUANTISED),
            6 * 40 + 4,
            "axis y without its mean, sample 40",
        ),
        (spectrum.Settings(window=200, points=64, hop=17, bands=32, **QUANTISED), 32 + 12, "axis y, band 12"),
    ],
)
def test_a_value_has_a_name(felt, kind, index, place):
    assert kind.place(index, felt) == place


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"points": 256}, "a transform has 256 points, and the window 200 frames"),
        ({"bands": 33}, "a transform of 64 points has 32 bands, not 33"),
        ({"window": 201}, "they are made of 201 frames, and input.window_s of 8 s has 200"),
    ],
)
def test_settings_that_do_not_fit_the_signal_are_told(felt, change, problem):
    fitting = spectrum.Settings(window=200, points=64, hop=17, bands=32, **QUANTISED)
    assert fitting.problem(felt) is None
    assert fitting.model_copy(update=change).problem(felt) == problem


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"off": 20_000}, "ends below off"),
        ({"shortest": 113}, "is longer than longest"),
        ({"back": 40}, "leave nothing"),
    ],
)
def test_movements_that_cannot_begin_and_end_are_told(movements, felt, change, words):
    assert movements.problem(felt) is None
    assert words in (movements.model_copy(update=change).problem(felt) or "")
