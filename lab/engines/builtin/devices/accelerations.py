"""What accelerometers are fed: signals of three axes, in the steps that the part's model computes with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.errors import RecordingError
from lab.signals.signal import Signal

AXES = 3
RENODES_G = 16_384
"""Steps to 1 g of what Renode's own models are fed."""


def frames_of(signal: Signal, part: str) -> NDArray[np.int16]:
    """The signal's samples, int16 [frames, 3]. Raises RecordingError, naming the part, for a signal of other axes."""
    if signal.samples.ndim != 2 or signal.channels != AXES:
        raise RecordingError(
            f"{part} takes samples of shape [n, {AXES}], not {list(signal.samples.shape)}.",
            remedy="Play recordings of three axes into it.",
            code="recording-shape",
        )
    return signal.samples


def in_steps_of(one_g: int, signal: Signal, part: str) -> NDArray[np.int16]:
    """The signal as int16 [frames, 3] of which `one_g` are 1 g, rounded down; beyond int16 it is clipped.

    Raises RecordingError, naming the part, for a signal of other axes.
    """
    scaled = frames_of(signal, part).astype(np.int64) * one_g // signal.steps_per_unit
    return np.clip(scaled, -(2**15), 2**15 - 1).astype(np.int16)
