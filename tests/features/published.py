"""Features as others publish them, in float64 and from their definitions: what kinds of those names are held to.

MLPerf Tiny: benchmark/training/keyword_spotting/get_dataset.py of mlcommons/tiny, by TensorFlow's tf.signal.
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
