"""How far the device's output is from the host's: bit for bit for integers, in units in the last place for floats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from lab.benching.stimulus import Arrays


class Agreement(BaseModel):
    """Of `values` output values, `differing` are not the same bits; `first` says where, and what both have there.

    `largest_ulp` is for floats only: the most representable numbers between the two, None where one is not a number.
    """

    model_config = ConfigDict(frozen=True)

    values: int
    differing: int
    first: str = ""
    largest_ulp: int | None = None
    is_float: bool = False

    @property
    def holds(self) -> bool:
        """Integers must be equal; floats must be numbers, and how near is for the reader to judge."""
        return self.largest_ulp is not None if self.is_float and self.differing else self.differing == 0


def agreement(device: Arrays, host: Arrays) -> Agreement:
    """All outputs together. Shapes are equal, as both have them from the model."""
    differing, first, largest = 0, "", 0
    numbers = True
    for index, (ours, theirs) in enumerate(zip(device, host, strict=True)):
        apart = np.flatnonzero(_bits(ours) != _bits(theirs))
        if apart.size and not first:
            at = int(apart[0])
            first = f"output {index}, element {at}: device {ours.ravel()[at]}, host {theirs.ravel()[at]}"
        differing += apart.size
        if ours.dtype.kind == "f":
            numbers &= bool(np.array_equal(np.isfinite(ours), np.isfinite(theirs)))
            largest = max(largest, _ulp(ours, theirs))
    is_float = any(array.dtype.kind == "f" for array in host)
    return Agreement(
        values=sum(array.size for array in host),
        differing=differing,
        first=first,
        largest_ulp=largest if is_float and numbers else None,
        is_float=is_float,
    )


def _bits(array: NDArray[np.generic]) -> NDArray[np.generic]:
    return np.ascontiguousarray(array).ravel().view(f"u{array.dtype.itemsize}")


def _ulp(device: NDArray[np.generic], host: NDArray[np.generic]) -> int:
    """Float32 bits, read as sign and magnitude, count the representable numbers from zero."""
    finite = np.isfinite(device) & np.isfinite(host)
    if not finite.any():
        return 0
    ours, theirs = (_ordinal(array[finite]) for array in (device, host))
    return int(np.abs(ours - theirs).max())


def _ordinal(values: NDArray[np.generic]) -> NDArray[np.int64]:
    bits = np.ascontiguousarray(values).view(np.int32).astype(np.int64)
    return np.where(bits < 0, -(bits & 0x7FFFFFFF), bits)
