"""What networks learn from: int8 features of recordings and of their variants."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.building import frontend
from lab.recordings import recording
from lab.recordings.collection import SILENCE, Entry
from lab.training import augmentation
from lab.training.recipe import Augmentation
from lab.workload import Workload

Features = NDArray[np.int8]
Advance = Callable[[str], None]
"""Called after each clip or epoch, with a word on it or nothing."""


@dataclass(frozen=True)
class Clips:
    """Recordings in memory: int16 `samples` of one length each, and the index of each one's label."""

    samples: tuple[NDArray[np.int16], ...]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.samples)


@dataclass(frozen=True)
class Pool:
    """Variants of clips to draw from: int8 `features` [clips, variants, steps, channels]; `share` is drawn an epoch."""

    features: Features
    labels: NDArray[np.int64]
    share: float

    def draw(self, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Clips and their variants for an epoch: each clip at most once."""
        clips = rng.permutation(len(self.labels))[: round(len(self.labels) * self.share)]
        return clips, rng.integers(self.features.shape[1], size=len(clips))


def read(workload: Workload, entries: Iterable[Entry]) -> Clips:
    """The recordings of the entries. Raises RecordingError for one that cannot be read."""
    chosen = list(entries)
    samples = tuple(
        recording.load(entry.path, workload.input.rate_hz, workload.input.samples).samples for entry in chosen
    )
    return Clips(samples, np.array([workload.labels.index(entry.label) for entry in chosen], np.int64))


def features(workload: Workload, clips: Clips) -> Features:
    """int8 [clips, steps, channels], as the device computes them."""
    found = [frontend.features(samples, workload.features, workload.input.rate_hz) for samples in clips.samples]
    return np.stack(found) if found else np.empty((0, *shape(workload)), np.int8)


def shape(workload: Workload) -> tuple[int, int]:
    """Steps and channels of one clip's features."""
    return workload.features.steps, workload.features.channels


def pool(
    workload: Workload,
    clips: Clips,
    backgrounds: Clips,
    settings: Augmentation,
    share: float,
    seed: int,
    advance: Advance,
) -> Pool:
    """Every clip as it is and in `settings.variants - 1` variants, with the silence among `backgrounds` as noise.

    A clip's variants depend on the seed and its position alone.
    """
    silence = _silence(workload)
    noises = [
        samples for samples, label in zip(backgrounds.samples, backgrounds.labels, strict=True) if label == silence
    ]
    made = np.empty((len(clips), settings.variants, *shape(workload)), np.int8)

    def make(position: int) -> None:
        rng = np.random.default_rng((seed, position))
        is_silence = bool(clips.labels[position] == silence)
        made[position] = list(_variants(workload, clips.samples[position], noises, settings, rng, silence=is_silence))

    frontend.library()  # compiled here, once, rather than by the threads at the same time
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # the frontend and numpy let go of Python's lock
        for _ in threads.map(make, range(len(clips))):
            advance("")
    return Pool(made, clips.labels, share)


def batches(
    pools: Sequence[Pool], size: int, settings: Augmentation, rng: np.random.Generator
) -> Iterator[tuple[Features, NDArray[np.int64]]]:
    """An epoch in random order, masked: features [size, steps, channels] and labels; what fills no batch is left."""
    drawn = [each.draw(rng) for each in pools]
    order = np.concatenate(
        [
            np.stack([np.full(len(clips), which), clips, variants], axis=1)
            for which, (clips, variants) in enumerate(drawn)
        ]
    )
    rng.shuffle(order)
    for start in range(0, len(order) - size + 1, size):
        chosen = order[start : start + size]
        heard = np.stack([pools[which].features[clip, variant] for which, clip, variant in chosen])
        augmentation.mask(heard, settings, rng)
        yield heard, np.array([pools[which].labels[clip] for which, clip, _ in chosen])


def clips_an_epoch(pools: Sequence[Pool]) -> int:
    """How many clips an epoch draws."""
    return sum(round(len(each.labels) * each.share) for each in pools)


def _variants(
    workload: Workload,
    samples: NDArray[np.int16],
    noises: Sequence[NDArray[np.int16]],
    settings: Augmentation,
    rng: np.random.Generator,
    *,
    silence: bool,
) -> Iterator[Features]:
    rate_hz = workload.input.rate_hz
    yield frontend.features(samples, workload.features, rate_hz)
    for _ in range(settings.variants - 1):
        varied = augmentation.heard_otherwise(samples, rate_hz, noises, settings, rng, silence=silence)
        yield augmentation.stretched(frontend.features(varied, workload.features, rate_hz), settings, rng)


def _silence(workload: Workload) -> int:
    return workload.labels.index(SILENCE) if SILENCE in workload.labels else -1
