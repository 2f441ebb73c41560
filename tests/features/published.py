"""Features as others publish them, in float64 and from their definitions: what kinds of those names are held to.

MLPerf Tiny: get_dataset.py in keyword_spotting and streaming_wakeword of benchmark/training in mlcommons/tiny, by
TensorFlow's tf.signal.
Edge Impulse: mfe/dsp.py and mfcc/dsp.py of edgeimpulse/processing-blocks, implementation version 4, with its speechpy;
spectral_analysis/dsp.py there, implementation version 4, which calls SciPy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.int16]
"""[frames]."""
Values = NDArray[np.float64]
Sections = tuple[tuple[float, ...], ...]
"""Of a filter, b0 b1 b2 a1 a2 each."""


def mlperf_mfcc(sound: Sound, window: int = 480, step: int = 320, points: int = 512, coefficients: int = 10) -> Values:
    """[rows, coefficients] of 40 filters from 20 to 4,000 Hz, at 16 kHz."""
    loud = sound / max(1, sound.max())
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    magnitude = np.abs(np.fft.rfft(_rows(loud, window, step) * hann, points))
    levels = np.log(magnitude @ _tensorflow_filters(40, points, 16_000, 20, 4_000) + 1e-6)
    return levels @ _cosines(40)[:, :coefficients] * np.sqrt(2 / 40)


def mlperf_lfbe(sound: Sound, window: int = 1_024, step: int = 512, points: int = 1_024) -> Values:
    """[rows, 40] from 0 to 1: filters from 0 to 8,000 Hz, at 16 kHz, of sound whose full scale is 1."""
    emphasised = sound / 2**15 - (1 - 2**-5) * np.concatenate([[0.0], sound[:-1] / 2**15])
    hamming = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(window) / (window - 1))
    power = np.abs(np.fft.rfft(_rows(emphasised, window, step) * hamming, points)) ** 2 / window
    energy = np.maximum(power, 1e-30) @ _tensorflow_filters(40, points, 16_000, 0, 8_000)
    return np.clip((10 * np.log10(energy) + 52) / 64, 0, 1)


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


def edge_impulse_spectral_analysis(
    signal: Values, points: int, hop: int, bands: range, filtered: Sections = (), logarithm: bool = True
) -> Values:
    """[axes, values] of a signal [frames, axes]: five statistics, then the power of each band."""
    return np.stack([_of_axis(one, points, hop, bands, filtered, logarithm) for one in signal.T])


def _of_axis(signal: Values, points: int, hop: int, bands: range, filtered: Sections, logarithm: bool) -> Values:
    for section in filtered:
        signal = _sosfilt(signal, section)
    signal = signal - signal.mean()
    starts = range(0, len(signal) + 1, hop)
    power = np.max([np.abs(np.fft.rfft(signal[at : at + points], points)) ** 2 / points for at in starts], axis=0)
    kept = power[bands.start : bands.stop]
    levels = np.log10(np.where(kept == 0, 1e-10, kept)) if logarithm else kept
    return np.array(
        [np.sqrt(np.mean(signal**2)), *_skewness_and_kurtosis(signal), *_skewness_and_kurtosis(power), *levels]
    )


def _skewness_and_kurtosis(values: Values) -> tuple[float, float]:
    """scipy.stats.skew and kurtosis, biased; the latter Fisher's."""
    apart = values - values.mean()
    second = np.mean(apart**2)
    if second == 0:
        return 0.0, -3.0
    return float(np.mean(apart**3) / second**1.5), float(np.mean(apart**4) / second**2 - 3)


def butterworth(kind: str, order: int, cutoff_hz: float, rate_hz: float) -> Sections:
    """scipy.signal.butter: poles on a circle in s, brought to z by the bilinear transform; b0 b1 b2 a1 a2 each."""
    warped = 2 * rate_hz * np.tan(np.pi * cutoff_hz / rate_hz)
    found = []
    for pair in range(order // 2):
        pole = np.exp(1j * np.pi * (2 * pair + order + 1) / (2 * order))
        pole = warped * pole if kind == "low" else warped / pole
        moved = (2 * rate_hz + pole) / (2 * rate_hz - pole)
        zero, passed = (-1, 1) if kind == "low" else (1, -1)
        back = np.real(np.poly([moved, moved.conj()]))
        forward = np.poly([zero, zero])
        gain = np.polyval(back, passed) / np.polyval(forward, passed)
        found.append((*(forward * gain), *back[1:]))
    return tuple(found)


def _sosfilt(signal: Values, section: tuple[float, ...]) -> Values:
    b0, b1, b2, a1, a2 = section
    found = np.zeros(len(signal) + 2)
    given = np.concatenate([[0, 0], signal])
    for n in range(2, len(found)):
        found[n] = b0 * given[n] + b1 * given[n - 1] + b2 * given[n - 2] - a1 * found[n - 1] - a2 * found[n - 2]
    return found[2:]


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
