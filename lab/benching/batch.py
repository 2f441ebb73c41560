"""Items for a model, and their labels, from files: `.npy` with one input, `.npz` with all of them.

An array is one item, of the tensor's shape; or several, along an axis before those of the tensor, or along the
tensor's first axis where that has the size 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import files, npy, npz
from lab.errors import UsageError
from lab.model.model import Tensor

Array = NDArray[np.generic]

_MOST_BYTES = 256 * files.MEGABYTE
_MOST_TEXT = 16 * files.MEGABYTE
_LABELS = "labels"
_RESHAPE = (
    "Save an array of that type and shape, or several items along one more axis before: quantise floats as the model "
    "says; order and reshape axes."
)


@dataclass(frozen=True)
class Batch:
    """Items in turn, each an array for every input of the model; and the class of each, if the files say it."""

    items: tuple[tuple[Array, ...], ...]
    labels: tuple[int, ...] | None = None


def read(model: Path, tensors: Sequence[Tensor], paths: Sequence[Path]) -> Batch:
    """The items of one archive, or of an array for each input; `model` is what errors call it. Raises UsageError."""
    if len(paths) == 1 and paths[0].suffix == ".npz":
        return _of_archive(model, tensors, paths[0])
    if len(paths) != len(tensors):
        raise UsageError(
            f"{model} has as inputs {', '.join(map(str, tensors))}; given: {len(paths)}.",
            remedy="Give --input once for each, in that order, or one .npz with all of them.",
        )
    return Batch(_together([_of_array(path, tensor) for path, tensor in zip(paths, tensors, strict=True)], tensors))


def labels(path: Path) -> tuple[int, ...]:
    """Whole numbers from a `.npy` of one axis, or from a text with one on each line. Raises UsageError."""
    try:
        if path.suffix == ".npy":
            return _classes(npy.parsed(files.content(path, _MOST_BYTES)))
        lines = files.text(path, _MOST_TEXT).removeprefix("\ufeff").split("\n")
        return tuple(_number(line.strip(), number) for number, line in enumerate(lines, 1) if line.strip())
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path} cannot be read as labels: {_why(error)}.",
            remedy="Write whole numbers, one a line, or a .npy array of integers with one axis.",
        ) from error


def _of_array(path: Path, tensor: Tensor) -> Array:
    """Its items along the first axis."""
    try:
        found = npy.read(path, _kind(tensor), lambda shape: _has_items(shape, tensor))
    except npy.OtherArray as other:
        raise UsageError(f"{path} holds {other}; the model takes {tensor}.", remedy=_RESHAPE) from other
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path} cannot be read as an array: {_why(error)}.", remedy="Write it with numpy.save."
        ) from error
    return found.reshape(-1, *tensor.shape)


def _of_archive(model: Path, tensors: Sequence[Tensor], path: Path) -> Batch:
    try:
        arrays = npz.read(path, _MOST_BYTES, _MOST_BYTES)
        classes = _classes(arrays.pop(_LABELS)) if _LABELS in arrays else None
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path} cannot be read as arrays: {_why(error)}.", remedy="Write it with numpy.savez."
        ) from error
    names = [tensor.name if tensor.name in arrays else f"input{n}" for n, tensor in enumerate(tensors)]
    if set(names) != arrays.keys() or len(set(names)) < len(names):
        known = ", ".join(
            f"input{n}{f' or {tensor.name!r}' if tensor.name else ''} ({tensor})" for n, tensor in enumerate(tensors)
        )
        raise UsageError(
            f"{path} holds {', '.join(map(repr, sorted(arrays))) or 'nothing'}; {model} takes {known}.",
            remedy=f"Name each array so, and leave others out; {_LABELS!r} may stand beside them.",
        )
    return Batch(_together(list(_items(path, arrays, names, tensors)), tensors), classes)


def _items(path: Path, arrays: npz.Arrays, names: Sequence[str], tensors: Sequence[Tensor]) -> Iterator[Array]:
    for name, tensor in zip(names, tensors, strict=True):
        found = arrays[name]
        if found.dtype != _kind(tensor) or not _has_items(found.shape, tensor):
            raise UsageError(
                f"{path} holds {name!r} as {found.dtype}{list(found.shape)}; the model takes {tensor}.",
                remedy=_RESHAPE,
            )
        yield found.reshape(-1, *tensor.shape)


def _has_items(shape: tuple[int, ...], tensor: Tensor) -> bool:
    along_the_first = tensor.shape[:1] == (1,) and shape[1:] == tensor.shape[1:]
    return shape == tensor.shape or (len(shape) > 0 and shape[0] > 0 and (shape[1:] == tensor.shape or along_the_first))


def _together(arrays: Sequence[Array], tensors: Sequence[Tensor]) -> tuple[tuple[Array, ...], ...]:
    counts = [len(array) for array in arrays]
    if len(set(counts)) > 1:
        has = ", ".join(f"{count:,} of {tensor}" for count, tensor in zip(counts, tensors, strict=True))
        raise UsageError(f"The inputs have different numbers of items: {has}.", remedy="Give as many of each.")
    return tuple(zip(*arrays, strict=True))


def _classes(array: Array) -> tuple[int, ...]:
    if array.dtype.kind not in "iu" or array.ndim != 1:
        raise ValueError(f"labels are integers along one axis, not {array.dtype}{list(array.shape)}")
    return tuple(array.tolist())


def _number(text: str, line: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ValueError(f"line {line} is {text[:40]!r}, which is no class")
    return int(text)


def _kind(tensor: Tensor) -> np.dtype[np.generic]:
    return np.dtype(tensor.dtype.lower())


def _why(error: OSError | ValueError) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error).rstrip(".")
