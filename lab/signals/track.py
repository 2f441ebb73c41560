"""What the reader of a format finds in a file: recordings with the workload's axes, in units and times of their own."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lab.errors import RecordingError
from lab.signals.dataset import Dataset

Values = NDArray[np.float64]
"""[frames, axes]"""


@dataclass(frozen=True)
class Wanted:
    """What is looked for: these axes, in their order, in this unit, up to this `range`.

    `dataset` says what files do not.
    """

    axes: tuple[str, ...]
    unit: str
    range: float
    dataset: Dataset = field(default_factory=Dataset)

    def __hash__(self) -> int:
        return hash((self.axes, self.unit, self.range))


@dataclass(frozen=True)
class Track:
    """One recording of a file: float64 `values` [frames, axes] in `units`, one for each axis, "" where nothing tells.

    `times_s` [frames] are seconds from any moment on, or None where `rate_hz` frames a second are. `lines` are those of
    the file that the frames are on, None where it has no lines. `key`, `label` and `person` are what the file says, or
    "". One that cannot be used has the error as its `problem`, and no values.
    """

    key: str = ""
    values: Values = field(default_factory=lambda: np.empty((0, 0)))
    units: tuple[str, ...] = ()
    times_s: NDArray[np.float64] | None = None
    rate_hz: float | None = None
    label: str = ""
    person: str = ""
    lines: NDArray[np.int64] | None = None
    problem: RecordingError | None = None

    def place(self, frame: int) -> str:
        """Where a frame is, in words."""
        return f"frame {frame:,}" if self.lines is None else f"line {self.lines[frame]:,}"
