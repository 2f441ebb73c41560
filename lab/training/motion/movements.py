"""Movements between rest, found by the firmware's own finder, and movements that are none of those to be told."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lab.building import host_features
from lab.features.movement import Settings as Movement
from lab.training.motion import augmentation
from lab.training.motion.augmentation import Samples, Values
from lab.training.recipes.motion import Augmentation
from lab.workload import Workload

Curves = NDArray[np.int8]
"""[variants, points, axes]"""
Generator = np.random.Generator

_BEFORE_S, _AFTER_S = 1.0, 1.5
"""Of rest: after a movement it is longer than the finder needs to tell its end."""
_BEGUN, _ENDED = 5, 8
"""Frames that movements which are joined lose, at the beginning and at the end, where the hand still rests."""


@dataclass(frozen=True)
class Maker:
    """Makes features of `count` variants, the first of what is given as it is."""

    workload: Workload
    movement: Movement
    settings: Augmentation
    count: int

    def between_rest(self, recording: Samples, rng: Generator) -> Curves:
        """Of a recording that rests before and after: what the finder finds, its ends moved somewhat."""
        heard = self.workload.input
        before, after = round(_BEFORE_S * heard.rate_hz), round(_AFTER_S * heard.rate_hz)
        fast = augmentation.speeds(self.settings, self.count, rng)[:, np.newaxis]
        times = (np.arange(int(len(recording) / fast.min()) + before + after) - before) * fast
        samples = self._varied(recording, self._uneven(times, len(recording), rng), rng)
        found = host_features.of_each(samples, self.workload.features, heard)
        return self._with_other_borders(found, len(recording), rng)

    def no_event(self, recording: Samples, other: Samples, rng: Generator) -> Curves:
        """Of what is left of a movement that is drawn backwards, halved, or goes on into another without a rest."""
        joined = np.concatenate([recording[_BEGUN:-_ENDED], other[_BEGUN:-_ENDED]])[: self.movement.longest]
        backwards = self.between_rest(recording[::-1], rng)
        halves = np.stack([_half(curve, rng) for curve in self.between_rest(recording, rng)])
        together = self._as_if_found(joined, np.zeros(self.count, int), np.full(self.count, len(joined)), rng)
        kinds = (backwards, halves, together)
        return np.stack([kinds[number % 3][number] for number in range(self.count)])

    def of_a_log(self, recording: Samples, rng: Generator) -> Curves:
        """Of pieces of a long motion: every other with rest around it, the rest as if the finder had cut them."""
        shortest, longest = self.movement.shortest, self.movement.longest
        lengths = np.minimum(rng.integers(shortest, longest + 1, self.count), len(recording))
        starts = rng.integers(0, len(recording) - lengths + 1)
        found = self._as_if_found(recording, starts, lengths, rng)
        few = replace(self, count=2)
        for number in range(1, self.count, 2):
            piece = recording[starts[number] : starts[number] + lengths[number]]
            found[number] = few.between_rest(piece, rng)[1]
        return found

    def _as_if_found(
        self, recording: Samples, starts: NDArray[np.int64], lengths: NDArray[np.int64], rng: Generator
    ) -> Curves:
        """A piece for each variant, brought to points as the firmware brings a movement."""
        share = np.linspace(0, 1, self.movement.points)
        samples = self._varied(recording, starts[:, np.newaxis] + share * (lengths[:, np.newaxis] - 1), rng)
        return np.asarray(np.clip(np.rint(samples / 2**self.movement.shift), -128, 127), np.int8)

    def _varied(self, recording: Samples, times: Values, rng: Generator) -> Samples:
        rest = np.median(recording, axis=0)
        return augmentation.varied(recording, times, rest, self.workload.input, self.settings, rng)

    def _uneven(self, times: Values, frames: int, rng: Generator) -> Values:
        """Those in the middle of the recording sooner or later."""
        share = np.clip(times / max(1, frames - 1), 0, 1)
        most = self.settings.uneven * (frames - 1)
        once, twice = (rng.uniform(-most, most, (len(times), 1)) * weight for weight in (1.0, 0.6))
        once[0] = twice[0] = 0
        return np.asarray(times + once * np.sin(2 * np.pi * share) + twice * np.sin(4 * np.pi * share))

    def _with_other_borders(self, curves: Curves, frames: int, rng: Generator) -> Curves:
        """Ends up to `borders` of the movement's frames sooner or later."""
        last = self.movement.points - 1
        most = self.settings.borders * last / max(frames, self.movement.shortest)
        moved = rng.uniform(-most, most, (len(curves), 2))
        moved[0] = 0
        return np.stack([_part(curve, by[0], last + by[1]) for curve, by in zip(curves, moved, strict=True)])


def _half(curve: NDArray[np.int8], rng: Generator) -> NDArray[np.int8]:
    last = len(curve) - 1
    length = last * rng.uniform(0.3, 0.55)
    return _part(curve, 0, length) if rng.random() < 0.5 else _part(curve, last - length, last)


def _part(curve: NDArray[np.int8], first: float, last: float) -> NDArray[np.int8]:
    """A part of a curve [points, axes], brought to as many points; what is beyond its ends is held."""
    places, known = np.linspace(first, last, len(curve)), np.arange(len(curve))
    return np.stack([np.rint(np.interp(places, known, axis)) for axis in curve.T.astype(float)], axis=1).astype(np.int8)
