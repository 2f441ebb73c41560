"""Tables of a signal that a run has left: what they hold is no more than what a sensor can have delivered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.recordings import tracks
from lab.signals.track import Wanted

_LARGEST = 1e6


def read(file: Path, axes: tuple[str, ...], unit: str, most_bytes: int) -> tuple[NDArray[np.float64], float]:
    """Values [frames, axes] in that unit, and how many frames a second there are.

    Raises OSError, RecordingError, and ValueError for a file that is larger, or holds something else.
    """
    if file.stat().st_size > most_bytes:
        raise ValueError("it is no table of a run")
    (track,) = tracks.read(file, Wanted(axes, unit, range=1.0))  # which is of no meaning in a table
    if track.times_s is None or len(track.values) < 2 or not np.all(np.abs(track.values) <= _LARGEST):
        raise ValueError("it has no times, or no numbers of a sensor")
    passed_s = float(track.times_s[-1] - track.times_s[0])
    if not passed_s > 0:
        raise ValueError("its times do not go on")
    return track.values, (len(track.values) - 1) / passed_s
