"""What networks learn from: recordings and their variants, as features and as a teacher hears them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.building import host_features
from lab.recordings import reading
from lab.recordings.collection import SILENCE, Entry
from lab.training import augmentation
from lab.training.recipe import Augmentation
from lab.training.speech_embedding import Embedding
from lab.workload import Workload

Features = NDArray[np.int8]
Batch = NDArray[np.int64]
"""[size, 3]: of each example the pool, the clip and the variant."""
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
    """Variants of clips to draw from; `share` of the clips is drawn an epoch.

    `features` are int8 [clips, variants, steps, channels], `embeddings` float16 [clips, variants, windows, size], or
    None where nobody teaches.
    """

    features: Features
    embeddings: NDArray[np.float16] | None
    labels: NDArray[np.int64]
    share: float

    def draw(self, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Clips and their variants for an epoch: each clip at most once."""
        clips = rng.permutation(len(self.labels))[: round(len(self.labels) * self.share)]
        return clips, rng.integers(self.features.shape[1], size=len(clips))


def read(workload: Workload, entries: Iterable[Entry]) -> Clips:
    """The recordings of the entries. Raises RecordingError for one that cannot be read."""
    chosen = list(entries)
    samples = tuple(reading.load(entry, workload.input).samples for entry in chosen)
    return Clips(samples, np.array([workload.labels.index(entry.label) for entry in chosen], np.int64))


def features(workload: Workload, clips: Clips) -> Features:
    """int8 [clips, steps, channels], as the device computes them."""
    found = [host_features.of(samples, workload.features, workload.input) for samples in clips.samples]
    return np.stack(found) if found else np.empty((0, *shape(workload)), np.int8)


def shape(workload: Workload) -> tuple[int, int]:
    """Steps and channels of one clip's features."""
    return workload.features.shape(workload.input)


def pool(
    workload: Workload,
    clips: Clips,
    backgrounds: Clips,
    settings: Augmentation,
    share: float,
    seed: int,
    advance: Advance,
    embedding: Embedding | None = None,
) -> Pool:
    """Every clip as it is and in variants, with the silence among `backgrounds` as noise.

    Clips of which a share is drawn have that share of the variants: each is then heard as often as one of the others.
    A clip's variants depend on the seed and its position alone.
    """
    silence = _silence(workload)
    noises = [
        samples for samples, label in zip(backgrounds.samples, backgrounds.labels, strict=True) if label == silence
    ]
    count = max(1, round(settings.variants * share))
    made = np.empty((len(clips), count, *shape(workload)), np.int8)

    def make(position: int) -> NDArray[np.float16] | None:
        rng = np.random.default_rng((seed, position))
        is_silence = bool(clips.labels[position] == silence)
        variants = _variants(workload, clips.samples[position], noises, settings, count, rng, silence=is_silence)
        found, heard = zip(*variants, strict=True)
        made[position] = found
        return None if embedding is None else embedding.of(np.stack(heard), workload.input.rate_hz)

    host_features.library(
        workload.features, workload.input
    )  # compiled here, once, rather than by the threads at the same time
    embeddings = []
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # frontend, numpy and onnxruntime let go of Python's lock
        for embedded in threads.map(make, range(len(clips))):
            embeddings.append(embedded)
            advance("")
    known = [each for each in embeddings if each is not None]
    return Pool(made, np.stack(known) if known else None, clips.labels, share)


def batches(pools: Sequence[Pool], size: int, rng: np.random.Generator) -> Iterator[Batch]:
    """An epoch in random order; what fills no batch is left."""
    order = np.concatenate(
        [
            np.stack([np.full(len(clips), which), clips, variants], axis=1)
            for which, (clips, variants) in enumerate(each.draw(rng) for each in pools)
        ]
    )
    rng.shuffle(order)
    for start in range(0, len(order) - size + 1, size):
        yield order[start : start + size]


def gathered(arrays: Sequence[NDArray[Any]], batch: Batch) -> NDArray[Any]:
    """Of arrays [clips, variants, ...], one a pool, what belongs to the batch: [size, ...]."""
    return np.stack([arrays[which][clip, variant] for which, clip, variant in batch])


def truth(pools: Sequence[Pool], batch: Batch) -> NDArray[np.int64]:
    """The labels of the batch, [size]."""
    return np.array([pools[which].labels[clip] for which, clip, _ in batch])


def clips_an_epoch(pools: Sequence[Pool]) -> int:
    """How many clips an epoch draws."""
    return sum(round(len(each.labels) * each.share) for each in pools)


def _variants(
    workload: Workload,
    samples: NDArray[np.int16],
    noises: Sequence[NDArray[np.int16]],
    settings: Augmentation,
    count: int,
    rng: np.random.Generator,
    *,
    silence: bool,
) -> Iterator[tuple[Features, NDArray[np.int16]]]:
    """Features and samples of each; a teacher hears the samples before tempo and vocal tract are changed."""
    rate_hz = workload.input.rate_hz
    yield host_features.of(samples, workload.features, workload.input), samples
    for _ in range(count - 1):
        varied = augmentation.heard_otherwise(samples, rate_hz, noises, settings, rng, silence=silence)
        yield augmentation.stretched(host_features.of(varied, workload.features, workload.input), settings, rng), varied


def _silence(workload: Workload) -> int:
    return workload.labels.index(SILENCE) if SILENCE in workload.labels else -1
