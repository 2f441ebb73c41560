"""How values are stored: floats, or whole numbers of so many bits, of which the highest stands for 1.0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.signals.unusable import unusable
from lab.traces import numbers
from lab.traces.trace import Values

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Packing:
    """Of one value: how many bytes, as which type of numpy, and how many `steps` are 1.0, None for floats."""

    bytes: int
    type: str
    steps: int | None = None


PACKINGS: Mapping[str, Packing] = {
    "int8": Packing(1, "<i1", 2**7),
    "int16": Packing(2, "<i2", 2**15),
    "int24": Packing(3, "<i4", 2**23),
    "int32": Packing(4, "<i4", 2**31),
    "float32": Packing(4, "<f4"),
    "float64": Packing(8, "<f8"),
}
"""By encoding, as `RecordedSignal` names it; all are little-endian."""


def steps(values: Values, bits: int) -> tuple[NDArray[np.int32], int]:
    """Whole numbers of so many bits, and how many of them had to be clipped."""
    whole = np.rint(values * 2.0 ** (bits - 1))
    end = 2.0 ** (bits - 1)
    beyond = int(np.count_nonzero((whole < -end) | (whole > end - 1)))
    return np.clip(whole, -end, end - 1).astype(np.int32), beyond


def is_exact(values: Values, encoding: str) -> bool:
    """Whether they come back as they are."""
    packing = PACKINGS[encoding]
    if packing.steps is None:
        with np.errstate(over="ignore"):
            return bool(np.all(values.astype(packing.type) == values))
    scaled = values * packing.steps
    return bool(np.all((np.rint(scaled) == scaled) & (scaled >= -packing.steps) & (scaled < packing.steps)))


def packed(values: Values, encoding: str) -> tuple[bytes, int]:
    """The bytes of values, [frames, axes], and how many of them had to be clipped."""
    packing = PACKINGS[encoding]
    if packing.steps is None:
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(values, packing.type).tobytes(), 0
    whole, beyond = steps(values, 8 * packing.bytes)
    if encoding == "int24":
        return np.ascontiguousarray(whole, "<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes(), beyond
    return whole.astype(packing.type).tobytes(), beyond


def unpacked(raw: bytes, encoding: str, columns: int) -> Values:
    """Values [frames, columns] of a whole number of frames."""
    packing = PACKINGS[encoding]
    if encoding == "int24":
        wide = np.zeros((len(raw) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(raw, np.uint8).reshape(-1, 3)
        found = wide.view("<i4")[:, 0] >> 8
    else:
        found = np.frombuffer(raw, packing.type)
    values = found.astype(np.float64).reshape(-1, columns)
    return values if packing.steps is None else values / packing.steps


@dataclass(frozen=True)
class PackedFrames:
    """`frames` of `columns` values each in a file from byte `begin` on, of which those at `chosen` are read."""

    path: Path
    begin: int
    frames: int
    columns: int
    chosen: tuple[int, ...]
    encoding: str

    def of(self, columns: Sequence[int]) -> PackedFrames:
        """The same frames, of which other columns are read."""
        return replace(self, chosen=tuple(columns))

    def __len__(self) -> int:
        return self.frames

    def read(self, first: int, count: int) -> Values:
        """As `Frames` has it."""
        wanted = max(0, min(count, self.frames - first))
        size = PACKINGS[self.encoding].bytes * self.columns
        try:
            with self.path.open("rb") as file:
                file.seek(self.begin + first * size)
                raw = file.read(wanted * size)
        except OSError as error:
            raise unusable(self.path, f"cannot be read: {error.strerror}") from error
        if len(raw) < wanted * size:
            raise unusable(self.path, f"is truncated: it had {self.frames:,} frames")
        values = unpacked(raw, self.encoding, self.columns)[:, self.chosen]
        numbers.check(self.path, values, first)
        return values
