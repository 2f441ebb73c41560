"""Tables that firmware/runtime/features works with: Fourier transforms, mel filters, cosine transforms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from lab.features._features import Constant

Weights = Sequence[Sequence[float]]
"""Of each filter the weight of each band of a spectrum."""


def power_of_two(frames: int) -> int:
    """The least one that holds them: the points of a transform of so many."""
    return 1 << (frames - 1).bit_length()


def turns(points: int) -> Mapping[str, Constant]:
    """`kCosines` and `kSines` of a transform: of -2 pi i / points, for half of the points."""
    angles = [-2 * math.pi * point / points for point in range(points // 2)]
    return {"kCosines": tuple(map(math.cos, angles)), "kSines": tuple(map(math.sin, angles))}


def mel(hz: float) -> float:
    """Mel of a frequency, 1127 ln(1 + f / 700): O'Shaughnessy, Speech Communication, 1987, as HTK has it."""
    return 1127 * math.log1p(hz / 700)


def hz(mels: float) -> float:
    """The frequency again."""
    return 700 * math.expm1(mels / 1127)


def mel_edges(bands: int, lower_hz: float, upper_hz: float) -> list[float]:
    """In mel, bands + 2: filter n begins at edge n, is highest at the next and ends at the one after it."""
    lowest, highest = mel(lower_hz), mel(upper_hz)
    return [lowest + (highest - lowest) * edge / (bands + 1) for edge in range(bands + 2)]


def triangles(points: int, rate_hz: int, edges: Sequence[float]) -> list[list[float]]:
    """The weights of filters whose sides are straight in mel, as tf.signal.linear_to_mel_weight_matrix has them: the
    constant part of the signal is in none."""
    mels = [mel(rate_hz * band / points) for band in range(1, points // 2 + 1)]
    return [
        [0.0, *(max(0.0, min((one - left) / (top - left), (right - one) / (right - top))) for one in mels)]
        for left, top, right in zip(edges, edges[1:], edges[2:], strict=False)
    ]


def filters(weights: Weights) -> Mapping[str, Constant]:
    """`kBandFirst`, `kBandCounts`, `kBandWeights`: of each filter what is between its first weight and its last;
    `kPowers` is how much of a spectrum has any weight."""
    spans = [[band for band, weight in enumerate(one) if weight > 0] or [0] for one in weights]
    kept = [one[span[0] : span[-1] + 1] for one, span in zip(weights, spans, strict=True)]
    return {
        "kPowers": max(span[-1] for span in spans) + 1,
        "kBandFirst": tuple(span[0] for span in spans),
        "kBandCounts": tuple(map(len, kept)),
        "kBandWeights": tuple(map(float, chain.from_iterable(kept))),
    }


def cepstrum(lines: Iterable[int], bands: int) -> tuple[float, ...]:
    """`kCepstrum`, lines of a cosine transform of type 2: sqrt(2 / bands) cos(pi k (2 n + 1) / (2 bands))."""
    return tuple(
        math.sqrt(2 / bands) * math.cos(math.pi * k * (2 * n + 1) / (2 * bands)) for k in lines for n in range(bands)
    )
