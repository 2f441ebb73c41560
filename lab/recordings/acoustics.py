"""Rooms and noises for synthetic recordings. Every function draws only from the generator that it is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]


def level(samples: Samples) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(samples))))


def at_level(samples: Samples, decibels: float) -> Samples:
    """Scaled to a root mean square of so many decibels below full scale (a negative number)."""
    return samples * (10 ** (decibels / 20) / level(samples))


def white(random: np.random.Generator, length: int) -> Samples:
    """Noise of even spectrum."""
    return random.standard_normal(length)


def pink(random: np.random.Generator, length: int) -> Samples:
    """Noise whose power falls by 3 dB an octave."""
    return _shaped(random, length, exponent=-0.5)


def brown(random: np.random.Generator, length: int) -> Samples:
    """Noise whose power falls by 6 dB an octave: traffic, wind."""
    return _shaped(random, length, exponent=-1.0)


def hum(random: np.random.Generator, length: int, rate_hz: int) -> Samples:
    """Mains hum, 50 or 60 Hz with falling harmonics, over a floor of pink noise."""
    mains = (50.0, 60.0)[int(random.integers(2))]
    time = np.arange(length) / rate_hz
    harmonics = np.arange(1, 13)
    phases = random.uniform(0, 2 * np.pi, len(harmonics))
    strengths = random.uniform(0.3, 1.0, len(harmonics)) / harmonics
    tones = (strengths[:, None] * np.sin(2 * np.pi * mains * harmonics[:, None] * time + phases[:, None])).sum(axis=0)
    floor = pink(random, length)
    return np.asarray(tones + 0.3 * level(tones) / level(floor) * floor)


def babble(random: np.random.Generator, length: int, voices: list[Samples]) -> Samples:
    """People talking at once, none of them intelligible: the voices reversed, shifted and overlaid."""
    murmur = np.zeros(length)
    for voice in voices:
        start = int(random.integers(length))
        reversed_voice = np.resize(voice[::-1] / level(voice), length)
        murmur += np.roll(reversed_voice, start) * random.uniform(0.5, 1.0)
    return murmur


def reverberated(random: np.random.Generator, samples: Samples, rate_hz: int, decay_s: float, wet: float) -> Samples:
    """In a room that fades by 60 dB in `decay_s`; `wet` is the energy of the room relative to the direct sound."""
    length = round(decay_s * rate_hz)
    fading = 10 ** (-3 * np.arange(length) / length)
    tail = random.standard_normal(length) * fading
    tail[: rate_hz // 500] = 0.0  # the first reflection arrives 2 ms after the direct sound
    response = tail * np.sqrt(wet / np.sum(np.square(tail)))
    response[0] = 1.0
    total = len(samples) + length - 1
    spectrum = np.fft.rfft(samples, total) * np.fft.rfft(response, total)
    return np.asarray(np.fft.irfft(spectrum, total))


def mixed(speech: Samples, noise: Samples, snr_db: float, voiced: slice) -> Samples:
    """Speech with noise so many decibels below it, both measured where the word is."""
    return np.asarray(speech + noise * (level(speech[voiced]) / level(noise) * 10 ** (-snr_db / 20)))


def _shaped(random: np.random.Generator, length: int, exponent: float) -> Samples:
    spectrum = np.fft.rfft(random.standard_normal(length))
    # Flat below 1/200 of the band, else the lowest line would carry nearly all the power.
    lines = np.maximum(np.arange(len(spectrum)), max(1, len(spectrum) // 200))
    return np.asarray(np.fft.irfft(spectrum * lines**exponent, length))
