"""Recordings of speech and their variants, as features and as a teacher hears them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.building import host_features
from lab.recordings import reading
from lab.recordings.collection import SILENCE, Entry
from lab.training.material import Features, Pool
from lab.training.recipes.speech import Augmentation
from lab.training.speech import augmentation
from lab.training.speech.embedding import Embedding
from lab.training.stages import Advance
from lab.workload import Workload


@dataclass(frozen=True)
class Clips:
    """Recordings in memory: int16 `samples` of one length each, and the index of each one's label."""

    samples: tuple[NDArray[np.int16], ...]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.samples)


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
