"""What a model is given, one inference after the other: items from files, or random values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.benching import batch
from lab.errors import UsageError
from lab.model import Model
from lab.model.model import Tensor

Arrays = tuple[NDArray[np.generic], ...]

MOST_INFERENCES = 1_000_000


@dataclass(frozen=True)
class Stimulus:
    """The inputs of every inference in turn, an array for each input of the model; and its right class, if known."""

    steps: tuple[Arrays, ...]
    labels: tuple[int, ...] | None = None


def stimulus(
    model: Model, files: Sequence[Path] = (), seed: int = 0, repeat: int = 1, labels: Path | None = None
) -> Stimulus:
    """The items of the files, or a random one, `repeat` times from the first to the last.

    `labels` is a file with the class of each item; those of an archive go without it. Raises UsageError for files that
    are not as many arrays of the right shapes and types, or as many labels.
    """
    tensors = [model.tensors[index] for index in model.inputs]
    if files:
        found = batch.read(model.path, tensors, files)
    else:
        generator = np.random.default_rng(seed)
        found = batch.Batch((tuple(_random(tensor, generator) for tensor in tensors),))
    classes = found.labels if labels is None else batch.labels(labels)
    if classes is not None:
        _check_labels(model, classes, len(found.items))
    if len(found.items) * repeat > MOST_INFERENCES:
        raise UsageError(
            f"{len(found.items):,} items {repeat:,} times are more than {MOST_INFERENCES:,} inferences.",
            remedy="Give a smaller --repeat, or a part of the batch.",
        )
    return Stimulus(found.items * repeat, None if classes is None else classes * repeat)


def _random(tensor: Tensor, generator: np.random.Generator) -> NDArray[np.generic]:
    """Integers from their whole range; floats between -1 and 1; booleans."""
    kind = np.dtype(tensor.dtype.lower())
    if kind.kind == "f":
        return generator.uniform(-1, 1, tensor.shape).astype(kind)
    if kind.kind == "b":
        return generator.integers(0, 2, tensor.shape).astype(kind)
    limits = np.iinfo(kind)
    return generator.integers(limits.min, limits.max, tensor.shape, dtype=kind, endpoint=True)


def _check_labels(model: Model, labels: Sequence[int], items: int) -> None:
    classes = model.output.elements
    if classes < 2:
        raise UsageError(
            f"The first output of {model.path} is {model.output}: one value chooses no class.",
            remedy="Leave the labels out; --json has the values of every output.",
        )
    if len(labels) != items:
        raise UsageError(
            f"There are {len(labels):,} labels for {items:,} items.", remedy="Give one for each item, in their order."
        )
    if not all(0 <= label < classes for label in labels):
        raise UsageError(
            f"Labels go from {min(labels)} to {max(labels)}; the first output of {model.path} is {model.output}, "
            f"classes 0 to {classes - 1}.",
            remedy="A label is the index of the output value that has to be the largest.",
        )
