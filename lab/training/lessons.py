"""What a network is shown, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.training import material
from lab.training.material import Batch, Pool

Values = NDArray[np.float32]
InputsOf = Callable[[Batch, np.random.Generator], Values]
"""What a network is given for a batch, [size, ...]."""


@dataclass(frozen=True)
class Lesson:
    """A batch: what the network is given, [size, ...], and what it should find, as shares [size, labels]."""

    batch: Batch
    inputs: Values
    targets: Values


@dataclass(frozen=True)
class Lessons:
    """Epochs of batches from the pools; `smoothing` is taken from the true label and given to all `labels`."""

    pools: Sequence[Pool]
    inputs_of: InputsOf
    labels: int
    batch: int
    smoothing: float

    @property
    def size(self) -> int:
        """Of a batch."""
        return min(self.batch, material.clips_an_epoch(self.pools))

    @property
    def an_epoch(self) -> int:
        """Batches."""
        return material.clips_an_epoch(self.pools) // self.size

    def epoch(self, rng: np.random.Generator) -> Iterator[Lesson]:
        """In an order, and with variants, that are drawn anew."""
        for batch in material.batches(self.pools, self.size, rng):
            certain = np.eye(self.labels, dtype=np.float32)[material.truth(self.pools, batch)]
            targets = certain * (1 - self.smoothing) + self.smoothing / self.labels
            yield Lesson(batch, self.inputs_of(batch, rng), targets)
