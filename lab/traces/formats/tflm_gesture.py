"""The gestures that TFLM's example magic_wand is tested with, as the crate `tfmicro` carries them.

128 frames of x, y and z in mg at 25 Hz, as 32-bit floats, big-endian: a gesture that ends with the last frame, and
before it frames of zeros, which are left out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lab import files
from lab.signals.dataset import Dataset
from lab.signals.unusable import unusable
from lab.traces.sheet import Content, Sheet, held

ENDINGS = OF_RECORDINGS = frozenset({".data"})
WRITES: frozenset[str] = frozenset()
SAYS_LABELS = HAS_LABELS = False

_FRAMES, _AXES = 128, ("x", "y", "z")
_BYTES = 4 * _FRAMES * len(_AXES)
_RATE_HZ = 25.0


def read(path: Path, _described: Dataset) -> Content:
    """The gesture. Raises RecordingError and OSError."""
    content = files.content(path, files.MEGABYTE)
    if len(content) != _BYTES:
        raise unusable(path, f"is no gesture of TFLM's magic_wand: it has {len(content):,} bytes, and not {_BYTES:,}")
    frames = np.frombuffer(content, ">f4").reshape(_FRAMES, len(_AXES)).astype(np.float64)
    drawn = np.flatnonzero(frames.any(axis=1))
    values = frames[drawn[0] if len(drawn) else _FRAMES :]
    return Content((Sheet(names=_AXES, frames=held(values), is_named=False, units=("mg",) * 3, rate_hz=_RATE_HZ),))
