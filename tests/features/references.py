"""Features once more, in numpy, as docs/features.md defines them: what the firmware's own sources are held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.int16]
"""[frames, channels]."""


def window(frames: Frames, shift: int, detail_shift: int | None) -> NDArray[np.int8]:
    """int8 [frames, channels], or twice as many channels with details."""
    values = frames.astype(np.int64)
    plain = _int8(values + (1 << shift >> 1) >> shift)
    if detail_shift is None:
        return plain
    return np.concatenate([plain, _int8(values - values.sum(axis=0) // len(values) >> detail_shift)], axis=1)


def spectrum(frames: Frames, points: int, hop: int, bands: int, floor: int, shift: int) -> NDArray[np.int8]:
    """int8 [channels, bands]."""
    values = frames.astype(np.int64)
    values -= _mean(values)
    starts = range(0, len(values) - points + 1, hop)
    power = sum(_power(values[start : start + points]) for start in starts) // len(starts)
    level = _log2(power[:bands]) - (floor << 8)
    return _int8((level + (1 << shift >> 1) >> shift) - 128).T


def _power(values: NDArray[np.int64]) -> NDArray[np.int64]:
    points = len(values)
    turns = 2 * np.pi * np.arange(points) / points
    hann = np.round(32_767 * (0.5 - 0.5 * np.cos(turns))).astype(np.int64)
    real = (values - _mean(values)) * hann[:, None] + (1 << 10) >> 11
    real, imaginary = _transform(real)
    return real**2 + imaginary**2 >> 8


def _transform(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Recursively: even points and odd points, then together."""
    if len(values) == 1:
        return values, np.zeros_like(values)
    half = len(values) // 2
    (even, even_i), (odd, odd_i) = _transform(values[::2]), _transform(values[1::2])
    turns = (2 * np.pi * np.arange(half) / len(values))[:, None]
    cosines = np.round(32_767 * np.cos(turns)).astype(np.int64)
    sines = np.round(-32_767 * np.sin(turns)).astype(np.int64)
    turned = odd * cosines - odd_i * sines + (1 << 14) >> 15
    turned_i = odd * sines + odd_i * cosines + (1 << 14) >> 15
    return np.concatenate([even + turned, even - turned]), np.concatenate([even_i + turned_i, even_i - turned_i])


def _log2(power: NDArray[np.int64]) -> NDArray[np.int64]:
    """In 256ths, of the power cut to its eight highest bits."""

    def of_one(value: int) -> int:
        if value < 2:
            return 0
        exponent = value.bit_length() - 1
        mantissa = (value << 7 >> exponent) - 128
        return exponent * 256 + round(256 * np.log2(1 + mantissa / 128))

    return np.vectorize(of_one, otypes=[np.int64])(power)


def _mean(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """To the nearest, halves up."""
    return (2 * values.sum(axis=0) + len(values)) // (2 * len(values))


def _int8(values: NDArray[np.int64]) -> NDArray[np.int8]:
    return np.clip(values, -128, 127).astype(np.int8)


@dataclass(frozen=True)
class Movements:
    """The settings of features of kind `movement`."""

    on: int
    off: int
    hang: int
    back: int
    trim: int
    shortest: int
    longest: int

    def found(self, frames: Frames) -> list[tuple[int, int, int]]:
        """First frame, last frame, and the frame that told the end, of each movement."""
        sums = np.array([frames[max(0, at - 3) : at + 1].astype(np.int64).sum(axis=0) for at in range(len(frames))])
        moved = [int(np.abs(sums[at] - sums[at - 8]).sum()) if at >= 8 else 0 for at in range(len(frames))]
        found = []
        begun, last, quiet, is_too_long = None, 0, 0, False
        for at in range(14, len(frames)):
            activity = sum(moved[at - 3 : at + 1])
            if begun is None:
                if activity >= self.on:
                    begun, last, quiet, is_too_long = max(0, at - self.back), at, 0, False
                continue
            if not is_too_long and at - begun >= self.longest + self.hang + self.trim:
                is_too_long, quiet = True, 0
            if activity >= self.off:
                last, quiet = at, 0
                continue
            quiet += 1
            if quiet == self.hang:
                end = last - self.trim
                if not is_too_long and self.shortest <= end - begun + 1 <= self.longest:
                    found.append((begun, end, at))
                begun = None
        return found


def brought(frames: Frames, points: int, shift: int) -> NDArray[np.int8]:
    """A movement's frames at so many points, int8 [points, channels]."""
    values, length = frames.astype(np.int64), len(frames)
    position = np.arange(points) * (length - 1) * 256 // (points - 1)
    before, part = position >> 8, (position & 255)[:, None]
    after = np.minimum(before + 1, length - 1)
    between = values[before] * (256 - part) + values[after] * part >> 8
    return _int8(between + (1 << shift >> 1) >> shift)
