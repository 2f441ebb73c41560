"""What a model is given: arrays from files, or random values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import npy
from lab.errors import UsageError
from lab.model import Model
from lab.model.model import Tensor

Arrays = tuple[NDArray[np.generic], ...]


def arrays(model: Model, files: Sequence[Path], seed: int) -> Arrays:
    """An array for each input of the model, in its order: from `.npy` files, or random ones where there are none.

    Raises UsageError for files that are not as many arrays of the right shapes and types.
    """
    tensors = [model.tensors[index] for index in model.inputs]
    if not files:
        generator = np.random.default_rng(seed)
        return tuple(_random(tensor, generator) for tensor in tensors)
    if len(files) != len(tensors):
        raise UsageError(
            f"{model.path} has {len(tensors)} inputs ({', '.join(map(str, tensors))}), and {len(files)} were given.",
            remedy="Give --input once for each, in that order.",
        )
    return tuple(_read(file, tensor) for file, tensor in zip(files, tensors, strict=True))


def _random(tensor: Tensor, generator: np.random.Generator) -> NDArray[np.generic]:
    """Integers from their whole range; floats between -1 and 1; booleans."""
    kind = np.dtype(tensor.dtype.lower())
    if kind.kind == "f":
        return generator.uniform(-1, 1, tensor.shape).astype(kind)
    if kind.kind == "b":
        return generator.integers(0, 2, tensor.shape).astype(kind)
    limits = np.iinfo(kind)
    return generator.integers(limits.min, limits.max, tensor.shape, dtype=kind, endpoint=True)


def _read(file: Path, tensor: Tensor) -> NDArray[np.generic]:
    try:
        found = npy.read(file, np.dtype(tensor.dtype.lower()), lambda shape: shape == tensor.shape)
    except npy.OtherArray as other:
        raise UsageError(
            f"{file} holds {other}; the model takes {tensor}.",
            remedy="Save an array of that type and shape: quantise floats as the model says; order and reshape axes.",
        ) from other
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error).rstrip(".")
        raise UsageError(f"{file} cannot be read as an array: {why}.", remedy="Write it with numpy.save.") from error
    return found
