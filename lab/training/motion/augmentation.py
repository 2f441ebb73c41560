"""Variants of a recording of motion: the same by another person, with the sensor worn in another way.

Everything is drawn from the generator that is passed in, so a seed gives the same variants again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lab.signals.input import Input
from lab.training.recipes.motion import Augmentation, Turn
from lab.training.settings import Range

Samples = NDArray[np.int16]
"""[frames, axes], or [variants, frames, axes]"""
Values = NDArray[np.float64]


def speeds(settings: Augmentation, count: int, rng: np.random.Generator) -> Values:
    """Times as fast, [count], drawn evenly on a scale of ratios; the first is 1, of the recording itself."""
    drawn = _ratios(settings.speed, (count,), rng)
    drawn[0] = 1.0
    return drawn


def leant(rest: Values, others: Values, settings: Augmentation, rng: np.random.Generator) -> Values | None:
    """Turns that bring `rest` [3] to where one of `others` [n, 3] lies, [variants, 3, 3]; None if the recipe asks none.

    For the share of variants that the recipe says, and where that is a turn of less than a right angle.
    """
    if not settings.leaning:
        return None
    aims = others[rng.integers(len(others), size=settings.variants)]
    before, after = _directions(rest), _directions(aims)
    along = after @ before
    crossed = _crossed(np.cross(before, after))
    turned = np.eye(3) + crossed + crossed @ crossed / np.maximum(1 + along, 1)[:, np.newaxis, np.newaxis]
    asked = (along > 0) & (rng.random(settings.variants) < settings.leaning)
    return np.where(asked[:, np.newaxis, np.newaxis], turned, np.eye(3))


def varied(
    recording: Samples,
    times: Values,
    rest: Values,
    heard: Input,
    settings: Augmentation,
    rng: np.random.Generator,
    first: Values | None = None,
) -> Samples:
    """The recording [frames, axes] at `times` [variants, frames], counted in its frames: [variants, frames, axes].

    Its first frame is held before it, its last one after it. `rest` [axes], in steps, is what the amplitude is about.
    Each is turned by `first` [variants, axes, axes], if there is one, before it is turned as the settings say.
    The first variant is the recording at its times, and nothing else.
    """
    count, unit = len(times), heard.steps_per_unit
    plain = _at(recording, times)
    factors = _ratios(settings.amplitude, (count, 1, 1), rng)
    moved = rest + (plain - rest) * factors
    matrices = _matrices(count, heard.axes, settings, rng)
    moved = np.einsum("vij,vtj->vti", matrices if first is None else matrices @ first, moved)
    if settings.limit is not None:
        moved = np.clip(moved, -settings.limit * unit, settings.limit * unit)
    moved += rng.normal(0, 1, moved.shape) * rng.uniform(0, settings.noise * unit, (count, 1, 1))
    moved[0] = plain[0]
    end = 2 ** (heard.bits - 1)
    return np.asarray(np.clip(np.rint(moved), -end, end - 1), np.int16)


def _ratios(bounds: Range, size: tuple[int, ...], rng: np.random.Generator) -> Values:
    low, high = np.log(bounds)
    return np.asarray(np.exp(rng.uniform(float(low), float(high), size)))


def _at(recording: Samples, times: Values) -> Values:
    """Linearly interpolated."""
    last = len(recording) - 1
    places = np.clip(times, 0, last)
    before = np.minimum(places.astype(np.int64), max(0, last - 1))
    part = (places - before)[..., np.newaxis]
    values = recording.astype(np.float64)
    return np.asarray(values[before] * (1 - part) + values[np.minimum(before + 1, last)] * part)


def _matrices(count: int, axes: Sequence[str], settings: Augmentation, rng: np.random.Generator) -> Values:
    """[count, axes, axes]: turns, gains and flips together."""
    found = np.tile(np.eye(len(axes)), (count, 1, 1))
    for turn in settings.turns:
        found = _turned(count, axes, turn, rng) @ found
    found *= np.exp(rng.normal(0, settings.gain, (count, len(axes), 1)))
    for flip in settings.flips:
        signs = np.array([-1.0 if axis in flip.axes else 1.0 for axis in axes])
        flipped = rng.random((count, 1)) < flip.share
        found *= np.where(flipped, signs, 1.0)[..., np.newaxis]
    return found


def _turned(count: int, axes: Sequence[str], turn: Turn, rng: np.random.Generator) -> Values:
    """Rotations of three axes, by the formula of Rodrigues."""
    about = rng.normal(0, 1, (count, 3)) if turn.axis is None else np.eye(3)[[list(axes).index(turn.axis)] * count]
    angles = np.deg2rad(rng.normal(0, turn.degrees, (count, 1, 1)))
    crossed = _crossed(_directions(about))
    return np.asarray(np.eye(3) + np.sin(angles) * crossed + (1 - np.cos(angles)) * (crossed @ crossed))


def _directions(vectors: Values) -> Values:
    """Of length 1, or of none if they have none."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1))


def _crossed(vectors: Values) -> Values:
    """Matrices [n, 3, 3] that give the cross product of each vector [n, 3] with another."""
    crossed = np.zeros((len(vectors), 3, 3))
    for row, column, axis, sign in ((0, 1, 2, -1), (0, 2, 1, 1), (1, 2, 0, -1)):
        crossed[:, row, column] = sign * vectors[:, axis]
        crossed[:, column, row] = -sign * vectors[:, axis]
    return crossed
