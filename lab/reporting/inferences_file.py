"""`inferences.npz`: arrays of what every inference of a stream told, and how its scores are read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lab import npz
from lab.files import MEGABYTE
from lab.outcomes.inferences import Inferences, Scoring

_MOST_BYTES = 64 * MEGABYTE
_MOST_UNPACKED = 512 * MEGABYTE
"""Twelve scores of twenty inferences a second, for four days."""


def write(told: Inferences, scoring: Scoring, file: BinaryIO) -> None:
    """Raises OSError."""
    np.savez_compressed(file, ends_s=told.ends_s, loads=told.loads, scores=told.scores, **asdict(scoring))


def read(file: Path) -> tuple[Inferences, Scoring]:
    """What a run has left. Raises OSError, and ValueError for a file that holds something else."""
    arrays = npz.read(file, _MOST_BYTES, _MOST_UNPACKED)
    try:
        told = Inferences(*(arrays[name].astype(kind) for name, kind in _ARRAYS.items()))
        scoring = Scoring(
            names=tuple(map(str, arrays["names"])),
            background=tuple(map(str, arrays["background"])),
            threshold=int(arrays["threshold"]),
            averaged=int(arrays["averaged"]),
            is_share=bool(arrays["is_share"]),
            by_time=bool(arrays["by_time"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"it has other arrays: {error}") from error
    count = len(told.ends_s) if told.ends_s.ndim == 1 else 0
    if not count or told.loads.shape != (count,) or told.scores.shape != (count, len(scoring.names)):
        raise ValueError("its arrays do not fit each other")
    if not (np.all(np.isfinite(told.ends_s)) and np.all(np.diff(told.ends_s) >= 0)):
        raise ValueError("its times do not go on")
    return told, scoring


_ARRAYS = {"ends_s": np.float64, "loads": np.float32, "scores": np.float64}
