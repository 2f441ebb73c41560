"""What the reader of a format finds in a file, before anybody has chosen among its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lab.errors import RecordingError
from lab.traces.trace import Frames, Held, Label, Mark, Received, Values


def _nothing(_columns: Sequence[int]) -> Frames:
    return Held(np.empty((0, 0)))


@dataclass(frozen=True)
class Sheet:
    """One recording: columns of numbers, of which `frames` gives those at the positions asked for.

    `names` are the columns', "1", "2" and so on for a format that has none (`is_named`). `units` are in their order,
    None where they stand in the names. When frames were taken is said by `rate_hz` with `start_s`, by `times_s`
    [frames] in seconds, or by one of the columns where both are None. Values that are parts of a full scale
    (`of_full_scale`) are in -1..1, and `encoding` says as what each is stored: int8 to int32, float32, float64.

    `key` tells one recording of a file from another. `label` and `person` are what the file says, or "". `lines` are
    those of the file that the frames are on, None where it has no lines; `text` the positions of columns that hold
    something else than numbers. A recording that cannot be used has the error as its `problem`, and no columns.
    """

    names: tuple[str, ...] = ()
    frames: Callable[[Sequence[int]], Frames] = _nothing
    key: str = ""
    is_named: bool = True
    units: tuple[str, ...] | None = None
    rate_hz: float | None = None
    times_s: NDArray[np.float64] | None = None
    start_s: float = 0.0
    of_full_scale: bool = False
    encoding: str = "float64"
    label: str = ""
    person: str = ""
    lines: NDArray[np.int64] | None = None
    text: frozenset[int] = frozenset()
    problem: RecordingError | None = None

    @property
    def is_timed(self) -> bool:
        """Whether no column is needed to know when its frames were taken."""
        return self.rate_hz is not None or self.times_s is not None

    def place(self, frame: int) -> str:
        """Where a frame is, in words."""
        return f"frame {frame:,}" if self.lines is None else f"line {self.lines[frame]:,}"


def held(values: Values) -> Callable[[Sequence[int]], Frames]:
    """The `frames` of columns that are in memory, [frames, columns]."""
    return lambda columns: Held(values[:, list(columns)])


@dataclass(frozen=True)
class Content:
    """All that a file holds: recordings, and what else happened while they were made. `notes` as a trace has them."""

    sheets: tuple[Sheet, ...]
    labels: tuple[Label, ...] = ()
    marks: tuple[Mark, ...] = ()
    received: tuple[Received, ...] = ()
    notes: tuple[str, ...] = field(default=())
