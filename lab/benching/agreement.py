"""How far the device's output is from the host's: bit for bit for integers, within a tolerance for floats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from lab.benching.stimulus import Arrays

TOLERANCE = 1e-5
"""Of the largest value of an output, where it is about 84 units in the last place: TFLM's own bound for float kernels.
Another libm, or a multiplication fused with an addition, moves the last few bits of each operator."""

Sides = tuple[str, str]


class Agreement(BaseModel):
    """Of `values` output values, `differing` are not the same bits; `first` says where, and what both have there.

    For floats `largest_error` is the largest distance divided by the largest host value of that output, which
    `tolerance` bounds, and `largest_ulp` the most representable numbers between the two. Both are None where one side
    has NaN or an infinity that the other has not. `not_finite` values are NaN or infinite on both sides.
    """

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="strings")

    values: int
    differing: int
    first: str = ""
    largest_ulp: int | None = None
    largest_error: float | None = None
    tolerance: float = 0.0
    not_finite: int = 0
    is_float: bool = False

    @property
    def holds(self) -> bool:
        """Integers are equal; floats are as near as the tolerance asks."""
        if not self.is_float or not self.differing:
            return self.differing == 0
        return self.largest_error is not None and self.largest_error <= self.tolerance


@dataclass(frozen=True)
class Distance:
    """Of one array of the device to the host's: as in Agreement, `first` None where no value differs.

    Integers have no error: one bit is as wrong as eight.
    """

    differing: int
    first: int | None
    error: float | None
    ulp: int | None

    def exceeds(self, tolerance: float) -> bool:
        """Whether it is more than rounding explains."""
        return self.differing > 0 and (self.error is None or self.error > tolerance)


def agreement(
    device: Arrays, host: Arrays, tolerance: float = TOLERANCE, sides: Sides = ("device", "host")
) -> Agreement:
    """All outputs together; `sides` are what the two are called. Shapes and types are equal, as the model has them.

    Integers have to be equal whatever the tolerance, those beside an output of floats as well.
    """
    found = [distance(ours, theirs) for ours, theirs in zip(device, host, strict=True)]
    first = ""
    for index, one in enumerate(found):
        if one.first is not None and (not first or one.exceeds(tolerance)):
            first = f"output {index}, {place(one.first, device[index], host[index], sides)}"
            if one.exceeds(tolerance):
                break
    errors = [one.error for one in found if one.differing]
    ulps = [one.ulp for one in found if one.differing]
    floats = [array for array in host if array.dtype.kind == "f"]
    return Agreement(
        values=sum(array.size for array in host),
        differing=sum(one.differing for one in found),
        first=first,
        largest_ulp=None if None in ulps or not floats else max(filter(None, ulps), default=0),
        largest_error=None if None in errors or not floats else max(filter(None, errors), default=0.0),
        tolerance=tolerance,
        not_finite=sum(int(np.count_nonzero(~np.isfinite(array))) for array in floats),
        is_float=bool(floats),
    )


def together(found: Sequence[Agreement]) -> Agreement:
    """Of several inferences in turn; `first` is where the first that does not hold, or differs at all, does so."""
    if len(found) == 1:
        return found[0]
    errors = [one.largest_error for one in found]
    ulps = [one.largest_ulp for one in found]
    at = first_apart(found)
    return Agreement(
        values=sum(one.values for one in found),
        differing=sum(one.differing for one in found),
        first="" if at is None else f"inference {at}, {found[at].first}",
        largest_ulp=None if None in ulps else max(filter(None, ulps), default=0),
        largest_error=None if None in errors else max(filter(None, errors), default=0.0),
        tolerance=found[0].tolerance,
        not_finite=sum(one.not_finite for one in found),
        is_float=found[0].is_float,
    )


def first_apart(found: Sequence[Agreement]) -> int | None:
    """The first inference that does not hold; where all do, the first that differs, if any does."""
    for wanted in (lambda one: not one.holds, lambda one: one.differing > 0):
        at = next((index for index, one in enumerate(found) if wanted(one)), None)
        if at is not None:
            return at
    return None


def distance(device: NDArray[np.generic], host: NDArray[np.generic]) -> Distance:
    """Of two arrays of one type and size."""
    ours, theirs = device.ravel(), host.ravel()
    different = _bits(ours) != _bits(theirs)
    if host.dtype.kind != "f":
        apart = np.flatnonzero(different)
        return Distance(apart.size, int(apart[0]) if apart.size else None, None, None)
    different &= ~(np.isnan(ours) & np.isnan(theirs))  # whichever NaN it is
    apart = np.flatnonzero(different)
    if not apart.size:
        return Distance(0, None, 0.0, 0)
    finite = np.isfinite(ours) & np.isfinite(theirs)
    if np.any(different & ~finite):
        return Distance(apart.size, int(np.flatnonzero(different & ~finite)[0]), None, None)
    gaps = np.abs(ours[apart].astype(np.float64) - theirs[apart].astype(np.float64))
    largest = float(np.max(np.abs(theirs[finite].astype(np.float64))))
    error = float(gaps.max() / largest) if largest else float("inf") if gaps.max() else 0.0
    return Distance(apart.size, int(apart[gaps.argmax()]), error, _ulp(ours[apart], theirs[apart]))


def place(at: int, device: NDArray[np.generic], host: NDArray[np.generic], sides: Sides = ("device", "host")) -> str:
    """An element, and what both sides have there."""
    return f"element {at}: {sides[0]} {device.ravel()[at]}, {sides[1]} {host.ravel()[at]}"


def _bits(array: NDArray[np.generic]) -> NDArray[np.generic]:
    return np.ascontiguousarray(array).view(f"u{array.dtype.itemsize}")


def _ulp(device: NDArray[np.generic], host: NDArray[np.generic]) -> int:
    """Float32 bits, read as sign and magnitude, count the representable numbers from zero."""
    return int(np.abs(_ordinal(device) - _ordinal(host)).max())


def _ordinal(values: NDArray[np.generic]) -> NDArray[np.int64]:
    bits = np.ascontiguousarray(values).view(np.int32).astype(np.int64)
    return np.where(bits < 0, -(bits & 0x7FFFFFFF), bits)
