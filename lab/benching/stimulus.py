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

_LOOKING_UP = {"GATHER": (0, 1), "GATHER_ND": (0, 1), "EMBEDDING_LOOKUP": (1, 0)}
"""Operators whose kernels read wherever an index leads, be it outside: which inputs are the table and the indices."""


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
        found = batch.Batch(
            (
                tuple(
                    _random(tensor, generator, _rows(model, index))
                    for index, tensor in zip(model.inputs, tensors, strict=True)
                ),
            )
        )
    classes = found.labels if labels is None else batch.labels(labels)
    if classes is not None:
        _check_labels(model, classes, len(found.items))
    if len(found.items) * repeat > MOST_INFERENCES:
        raise UsageError(
            f"{len(found.items):,} items {repeat:,} times are more than {MOST_INFERENCES:,} inferences.",
            remedy="Give a smaller --repeat, or a part of the batch.",
        )
    return Stimulus(found.items * repeat, None if classes is None else classes * repeat)


def _rows(model: Model, index: int) -> int | None:
    """How many entries every table has that the input is an index into; None for one that is no index."""
    found: list[int] = []
    for operator in model.operators:
        table, indices = _LOOKING_UP.get(operator.name, (0, None))
        if indices is not None and indices < len(operator.inputs) and operator.inputs[indices] == index:
            found += model.tensors[operator.inputs[table]].shape
    return min(found, default=None)


def _random(tensor: Tensor, generator: np.random.Generator, rows: int | None) -> NDArray[np.generic]:
    """Integers from their whole range, or that name one of so many rows; floats between -1 and 1; booleans."""
    kind = np.dtype(tensor.dtype.lower())
    if kind.kind == "f":
        return generator.uniform(-1, 1, tensor.shape).astype(kind)
    if kind.kind == "b":
        return generator.integers(0, 2, tensor.shape).astype(kind)
    if rows is not None:
        return generator.integers(0, rows, tensor.shape, dtype=kind)
    limits = np.iinfo(kind)
    return generator.integers(limits.min, limits.max, tensor.shape, dtype=kind, endpoint=True)


def _check_labels(model: Model, labels: Sequence[int], items: int) -> None:
    classes = model.output.elements
    if classes < 2 or classes != max(model.output.shape):
        raise UsageError(
            f"The first output of {model.path} is {model.output}: labels are for one row of two or more values.",
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
