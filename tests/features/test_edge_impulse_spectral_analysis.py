"""Kind `edge-impulse-spectral-analysis`: how far it is from Edge Impulse's definition, in int8 steps."""

from __future__ import annotations

import numpy as np
import pytest

from lab.building import host_features
from lab.features.edge_impulse_spectral_analysis import Settings
from lab.signals.input import Input

from . import published

FELT = Input(sensor="accelerometer", rate_hz=100, window_s=2.0, axes=("x", "y", "z"), unit="g", range=4, bits=14)
FINE = {"scale": 1 / 20, "zero_point": 0}
AS_IT_IS = Settings(**FINE)
LOW = Settings(points=64, filter="low", cutoff_hz=8.0, order=6, scale_axes=9.81, **FINE)
HIGH = Settings(points=32, filter="high", cutoff_hz=20.0, order=4, overlap=False, logarithm=False, **FINE)
MASKED = Settings(points=128, filter="low", cutoff_hz=30.0, order=0, **FINE)
LONGER = Settings(points=512, filter="high", cutoff_hz=1.0, order=2, **FINE)
BANDS = {AS_IT_IS: range(1, 9), LOW: range(1, 6), HIGH: range(6, 17), MASKED: range(1, 39), LONGER: range(5, 257)}


@pytest.fixture(scope="module")
def signals():
    """int16 [signals, frames, axes]: at rest, walking, shaken, a machine, a knock; gravity on one axis."""
    rng = np.random.default_rng(5)
    time = np.arange(200)[:, None] / 100
    gravity = np.array([100, -300, 2_020])
    walking = 700 * np.abs(np.sin(2 * np.pi * 1.9 * time + [0, 1, 2])) ** 3
    shaken = 3_000 * np.sin(2 * np.pi * np.array([4.3, 5.1, 6.7]) * time)
    machine = 150 * np.sin(2 * np.pi * 29.7 * time) + 80 * np.sin(2 * np.pi * 43 * time + [0, 1, 2])
    knock = np.where(np.arange(200)[:, None] == 88, 5_000, 0) * [1, -1, 0.5]
    noise = [rng.normal(0, level, (200, 3)) for level in (3, 20, 20, 8, 5)]
    moving = [0 * time, walking, shaken, machine, knock]
    return np.stack([gravity + one + more for one, more in zip(moving, noise, strict=True)]).astype(np.int16)


def defined(signal, settings):
    filtered = ()
    if settings.filter != "none" and settings.order:
        filtered = published.butterworth(settings.filter, settings.order, settings.cutoff_hz, FELT.rate_hz)
    hop = settings.points // 2 if settings.overlap else settings.points
    values = published.edge_impulse_spectral_analysis(
        signal / 2_048 * settings.scale_axes, settings.points, hop, BANDS[settings], filtered, settings.logarithm
    )
    return np.clip(np.floor(values / settings.scale + settings.zero_point + 0.5), -128, 127).astype(int)


@pytest.mark.parametrize("settings", BANDS, ids=["as it is", "low", "high", "masked", "longer"])
def test_they_are_those_of_the_definition(signals, settings):
    """A step apart at most, one value in 200."""
    found = host_features.of_each(signals, settings, FELT).astype(int)
    theirs = np.stack([defined(signal, settings) for signal in signals])
    assert found.shape == theirs.shape == (5, 3, 5 + len(BANDS[settings]))
    steps = np.abs(found - theirs)
    assert steps.max() <= 1
    assert np.count_nonzero(steps) <= steps.size / 200
    assert len(np.unique(found)) > 30


def test_a_signal_that_does_not_move_has_no_power_and_no_spread():
    still = np.tile(np.array([100, -300, 2_020], np.int16), (200, 1))
    found = host_features.of(still, AS_IT_IS, FELT)
    assert np.all(found == [0, 0, -60, 0, -60, *8 * [-128]])  # log10 of 1e-10 is beyond -128 steps


def test_a_stream_gives_what_its_last_window_gives(signals):
    stream = np.concatenate(signals)
    given = host_features.in_turn(stream, LOW, FELT, stride_steps=160)
    assert len(given) == 6
    for n, one in enumerate(given):
        assert np.array_equal(one, host_features.of(stream[160 * n :][:200], LOW, FELT))
