"""Recordings of acceleration in files, and the workload that they are for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.signals.input import Input

RATE_HZ = 50
WORN = Input(sensor="accelerometer", rate_hz=RATE_HZ, window_s=2.0, axes=("x", "y", "z"), unit="g", range=4, bits=14)
IN_WINDOWS = WORN.model_copy(update={"hop_s": 1.0})
LABELS = ("unknown", "walking", "sitting")
STEPS = 2_048
"""To 1 g."""


def shaken(frames: int = 100, seed: int = 1) -> NDArray[np.float64]:
    """In g, [frames, 3]: gravity on z, and what a hand adds; whole steps, so that they come back as they are."""
    drawn = np.random.default_rng(seed).normal((0, 0, 1), 0.3, (frames, 3))
    return np.round(drawn * STEPS) / STEPS


def steps(values: NDArray[np.float64]) -> NDArray[np.int16]:
    """What the sensor delivers of values in g."""
    return np.round(values * STEPS).astype(np.int16)


def table(header: str, *columns: NDArray[np.float64], separator: str = ",") -> str:
    """A text of a header and those columns, [frames] or [frames, n] each."""
    rows = np.column_stack(columns)
    return "\n".join([header, *(separator.join(repr(float(value)) for value in row) for row in rows)]) + "\n"


def times(frames: int = 100, rate_hz: float = RATE_HZ) -> NDArray[np.float64]:
    """Seconds."""
    return np.arange(frames) / rate_hz


def put(file: Path, content: str | bytes) -> Path:
    """A file in a folder that is made for it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file
