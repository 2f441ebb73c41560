"""What networks learn from: features of recordings and of variants of them, drawn in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.building import host_features
from lab.recordings import reading
from lab.recordings.collection import Collection
from lab.workload import Workload

Features = NDArray[np.int8]
Batch = NDArray[np.int64]
"""[size, 3]: of each example the pool, the clip and the variant."""


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


def collected(workload: Workload, folders: Sequence[Path]) -> list[Collection]:
    """What is in the folders. Raises as `reading.read` does."""
    names = workload.recordings.names
    return [reading.read(folder, workload.input, workload.labels, names) for folder in folders]


def of_each(samples: Sequence[NDArray[np.int16]], workload: Workload) -> Features:
    """int8 [recordings, rows, values], as the device computes them; of recordings of one length."""
    shape = workload.features.shape(workload.input)
    if not samples:
        return np.empty((0, *shape), np.int8)
    return host_features.of_each(np.stack(samples), workload.features, workload.input)


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
