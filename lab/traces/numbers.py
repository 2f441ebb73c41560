"""Which numbers a trace may hold: what a sensor measures, and arithmetic can take."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lab.signals.unusable import unusable
from lab.traces.trace import Values

LARGEST = 1e100
"""Its square, and sums of it, are numbers still."""


def unusable_at(values: Values) -> tuple[int, int] | None:
    """Frame and column of the first that is none, or larger; None where all are numbers."""
    usable = np.abs(values) <= LARGEST  # which NaN is not
    if usable.all():
        return None
    frame, column = np.argwhere(~usable)[0].tolist()
    return frame, column


def in_words(value: float) -> str:
    """One that cannot be used."""
    return "NaN" if np.isnan(value) else "infinity" if np.isinf(value) else f"{value:.3g}, which no sensor measures,"


def check(path: Path, values: Values, first: int) -> None:
    """Raises RecordingError, naming the file, for frames from `first` on with a number that cannot be used."""
    bad = unusable_at(values)
    if bad is not None:
        raise unusable(path, f"holds {in_words(values[bad])} at frame {first + bad[0]:,}")
