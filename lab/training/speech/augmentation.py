"""Variants of a recording: the same word by another voice, at another distance, with another microphone and noise.

Everything is drawn from the generator that is passed in, so a seed gives the same variants again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lab.training.recipes.speech import Augmentation
from lab.training.settings import Range

Samples = NDArray[np.int16]
Features = NDArray[np.int8]
Signal = NDArray[np.float64]

_FULL_SCALE = 32_768
_BOTTOM = -128


def heard_otherwise(
    samples: Samples,
    rate_hz: int,
    backgrounds: Sequence[Samples],
    settings: Augmentation,
    rng: np.random.Generator,
    *,
    silence: bool,
) -> Samples:
    """A variant of int16 `samples`, of the same length: speed, shift, tone, gain, then noise.

    The noise is one of the `backgrounds` or, in four of ten, coloured noise.
    """
    signal = _moved(samples, _draw(settings.speed, rng), _draw(settings.shift_ms, rng) * rate_hz / 1000)
    signal[1:] += _draw(settings.tilt, rng) * signal[:-1]
    gain_db = _draw(settings.gain_db, rng) + (_draw(settings.silence_gain_db, rng) if silence else 0.0)
    signal *= 10 ** (gain_db / 20)
    if rng.random() < settings.noise_share:
        noise = _background(backgrounds, rng) if backgrounds and rng.random() < 0.6 else _coloured(len(signal), rng)
        signal += noise * max(1.0, _level(signal)) * 10 ** (-_draw(settings.snr_db, rng) / 20)
    return np.clip(np.rint(signal), -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)


def stretched(features: Features, settings: Augmentation, rng: np.random.Generator) -> Features:
    """int8 `features` [steps, channels] stretched about the middle of both axes, by independent factors.

    A change of speed ties time to frequency; here they part: another tempo, another length of the vocal tract.
    """
    steps, channels = features.shape
    in_time = _stretch(steps, _draw(settings.tempo, rng)) @ features.astype(np.float64)
    warped = in_time @ _stretch(channels, _draw(settings.vocal_tract, rng)).T
    return np.asarray(np.rint(warped), np.int8)


def mask(batch: Features, settings: Augmentation, rng: np.random.Generator) -> None:
    """Hide random stripes of int8 features [clips, steps, channels], in place (SpecAugment, arXiv 1904.08779)."""
    for axis, widest in ((1, settings.masked_steps), (2, settings.masked_channels)):
        size = batch.shape[axis]
        for _ in range(settings.masks):
            width = rng.integers(widest + 1, size=(len(batch), 1))
            start = np.floor(rng.random((len(batch), 1)) * (size - width + 1))
            places = np.arange(size)
            hidden = (places >= start) & (places < start + width)
            np.copyto(batch, _BOTTOM, where=hidden[:, :, None] if axis == 1 else hidden[:, None, :])


def _draw(bounds: Range, rng: np.random.Generator) -> float:
    return float(rng.uniform(*bounds))


def _level(signal: Signal) -> float:
    return float(np.sqrt(np.mean(np.square(signal))))


def _moved(samples: Samples, speed: float, later: float) -> Signal:
    """Played `speed` times as fast about the middle and `later` by so many samples, zeros around it."""
    middle = len(samples) / 2
    times = np.arange(len(samples), dtype=np.float64)
    return np.interp((times - middle - later) * speed + middle, times, samples.astype(np.float64), left=0, right=0)


def _background(backgrounds: Sequence[Samples], rng: np.random.Generator) -> Signal:
    """One of them, begun anywhere, at level 1."""
    chosen = backgrounds[int(rng.integers(len(backgrounds)))].astype(np.float64)
    return np.roll(chosen, int(rng.integers(len(chosen)))) / max(1.0, _level(chosen))


def _coloured(length: int, rng: np.random.Generator) -> Signal:
    """Noise between white and brown, at level 1."""
    lines = length // 2 + 1
    spectrum = rng.standard_normal(lines) + 1j * rng.standard_normal(lines)
    noise = np.fft.irfft(spectrum * np.arange(1, lines + 1) ** -rng.uniform(0, 1), length)
    return np.asarray(noise / _level(noise))


def _stretch(size: int, factor: float) -> Signal:
    """The matrix that reads a vector at places `factor` times as far from its middle, linearly interpolated."""
    places = np.clip((np.arange(size) - (size - 1) / 2) * factor + (size - 1) / 2, 0, size - 1)
    below = np.minimum(places.astype(int), size - 2)
    matrix = np.zeros((size, size))
    matrix[np.arange(size), below] = 1 - (places - below)
    matrix[np.arange(size), below + 1] += places - below
    return matrix
