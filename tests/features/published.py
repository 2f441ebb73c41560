"""Features as others publish them, in float64 and from their definitions: what kinds of those names are held to.

MLPerf Tiny: benchmark/training/keyword_spotting/get_dataset.py of mlcommons/tiny, by TensorFlow's tf.signal.
Edge Impulse: mfe/dsp.py and mfcc/dsp.py of edgeimpulse/processing-blocks, implementation version 4, with its speechpy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.int16]
"""[frames]."""
Values = NDArray[np.float64]


def mlperf_mfcc(sound: Sound, window: int = 480, step: int = 320, points: int = 512, coefficients: int = 10) -> Values:
    """[rows, coefficients] of 40 filters from 20 to 4,000 Hz, at 16 kHz."""
    loud = sound / max(1, sound.max())
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    magnitude = np.abs(np.fft.rfft(_rows(loud, window, step) * hann, points))
    levels = np.log(magnitude @ _tensorflow_filters(40, points, 16_000, 20, 4_000) + 1e-6)
    return levels @ _cosines(40)[:, :coefficients] * np.sqrt(2 / 40)


def edge_impulse_mfe(
    sound: Sound, window: int, step: int, points: int, bands: int, upper_hz: float, floor_db: float, before: float
) -> Values:
    """[rows, bands] from 0 to 1, from 0 Hz at 16 kHz. `before` is the sample before the first: theirs is the last."""
    power = _emphasised_powers(sound / 2**15, window, step, points, 0.98, before / 2**15)
    energy = power @ _speechpy_filters(bands, points, 16_000, 0, upper_hz)
    decibels = 10 * np.log10(np.maximum(np.where(energy == 0, 1e-10, energy), 1e-30))
    share = np.clip((decibels - floor_db) / (12 - floor_db), 0, 1)
    return np.minimum(np.around(share * 256), 255) / 256


def edge_impulse_mfcc(
    sound: Sound, window: int, step: int, points: int, bands: int, coefficients: int, neighbours: int, before: float
) -> Values:
    """[rows, coefficients], from 0 to 8,000 Hz at 16 kHz, with a pre-emphasis of 0.98."""
    power = _emphasised_powers(sound.astype(np.float64), window, step, points, 0.98, before)
    energy, whole = power @ _speechpy_filters(bands, points, 16_000, 0, 8_000), power.sum(axis=1)
    levels = np.log(np.where(energy == 0, 1e-10, energy))
    found = (levels @ _cosines(bands) * np.sqrt(2 / bands))[:, :coefficients]
    found[:, 0] = np.log(np.where(whole == 0, 1e-10, whole))
    if neighbours == 0:
        return found
    around = np.lib.stride_tricks.sliding_window_view
    pad = ((neighbours // 2, neighbours // 2), (0, 0))
    found = found - around(np.pad(found, pad, "symmetric"), neighbours, axis=0).mean(axis=-1)
    return found / (around(np.pad(found, pad, "symmetric"), neighbours, axis=0).std(axis=-1) + 1e-10)


def _emphasised_powers(
    sound: Values, window: int, step: int, points: int, pre_emphasis: float, before: float
) -> Values:
    emphasised = sound - pre_emphasis * np.concatenate([[before], sound[:-1]])
    return np.abs(np.fft.rfft(_rows(emphasised, window, step), points)) ** 2 / points


def _speechpy_filters(bands: int, points: int, rate_hz: int, lower_hz: float, upper_hz: float) -> Values:
    """Triangles over the bands of a spectrum, [points / 2 + 1, bands]."""
    hz = 700 * (np.exp(np.linspace(_mel(lower_hz), _mel(upper_hz), bands + 2) / 1127) - 1)
    hz[-1] -= 0.001
    edges = np.floor((points + 1) * hz / rate_hz)
    left, top, right = edges[:-2], edges[1:-1], edges[2:]
    at = np.arange(points // 2 + 1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        rising, falling = (at - left) / (top - left), (right - at) / (right - top)
    return np.where((at > left) & (at < top), rising, np.where((at >= top) & (at < right), falling, at == top) * 1.0)


def _rows(sound: Values, window: int, step: int) -> Values:
    count = 1 + (len(sound) - window) // step
    return np.stack([sound[step * row : step * row + window] for row in range(count)])


def _tensorflow_filters(bands: int, points: int, rate_hz: int, lower_hz: float, upper_hz: float) -> Values:
    """Triangles in mel, [points / 2 + 1, bands]; none has the first of a spectrum."""
    mel = _mel(np.arange(points // 2 + 1) * rate_hz / points)[:, None]
    edges = np.linspace(_mel(lower_hz), _mel(upper_hz), bands + 2)
    left, top, right = edges[:-2], edges[1:-1], edges[2:]
    weights = np.maximum(0, np.minimum((mel - left) / (top - left), (right - mel) / (right - top)))
    weights[0] = 0
    return weights


def _cosines(bands: int) -> Values:
    """[bands, lines] of a cosine transform of type 2."""
    return np.cos(np.pi * (2 * np.arange(bands)[:, None] + 1) * np.arange(bands) / (2 * bands))


def _mel(hz: float | Values) -> Values:
    return 1127 * np.log(1 + np.asarray(hz) / 700)
