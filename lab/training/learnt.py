"""A trained network, with what it takes to go on from it: to tune it, to convert it, to judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.features import Features
from lab.training.conversion import as_input
from lab.training.lessons import Lessons, Values


@dataclass(frozen=True)
class Kept:
    """Recordings of one part of the split, which have not been learnt from; `who` says of whom they are.

    `features` are int8 [recordings, rows, values], `truth` the index of the label of each.
    """

    part: str
    who: str
    features: NDArray[np.int8]
    truth: NDArray[np.int64]


@dataclass(frozen=True)
class Learnt:
    """`network` is a Keras model from features to logits, one for each of `labels`, and `lessons` are what it learnt.

    `flat` is the same network without networks in it. `calibration` are int8 [recordings, rows, values] from which
    ranges of tensors are taken.
    """

    tensorflow: Any
    keras: Any
    network: Any
    flat: Any
    features: Features
    labels: Sequence[str]
    calibration: NDArray[np.int8]
    lessons: Lessons
    seed: int
    kept: Sequence[Kept]

    def given(self, features: NDArray[np.int8]) -> Values:
        """int8 features [recordings, rows, values] as the network takes them."""
        return as_input(features, self.features).reshape(-1, *self.network.input_shape[1:])
