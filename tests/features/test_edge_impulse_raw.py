"""Kind `edge-impulse-raw`: a signal in units, rounded to a model's own steps."""

from __future__ import annotations

import numpy as np

from lab.building import host_features
from lab.features.edge_impulse_raw import Settings
from lab.signals.input import Input

FELT = Input(sensor="accelerometer", rate_hz=25, window_s=2.0, axes=("x", "y", "z"), unit="g", range=4, bits=14)
RAW = Settings(scale_axes=9.80665, scale=0.3071, zero_point=-7)


def test_a_value_is_the_signals_in_its_unit_by_the_models_steps():
    frames = np.random.default_rng(2).integers(-8_192, 8_192, (50, 3)).astype(np.int16)
    values = frames / 2_048 * 9.80665 / 0.3071 - 7
    expected = np.clip(np.floor(values + 0.5), -128, 127)
    assert (np.abs(values - expected) > 1).any()  # some are beyond int8
    assert np.array_equal(host_features.of(frames, RAW, FELT), expected)
