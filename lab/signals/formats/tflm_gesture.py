"""The gestures that TFLM's example magic_wand is tested with, as the crate `tfmicro` carries them.

128 frames of x, y and z in mg at 25 Hz, as 32-bit floats, big-endian: a gesture that ends with the last frame, and
before it frames of zeros, which are left out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lab import files
from lab.signals import columns
from lab.signals.track import Track, Wanted
from lab.signals.unusable import unusable

ENDINGS = frozenset({".data"})
SAYS_LABELS = False

_FRAMES, _AXES = 128, 3
_BYTES = 4 * _FRAMES * _AXES
_RATE_HZ = 25.0


def read(path: Path, wanted: Wanted) -> list[Track]:
    """The gesture. Raises RecordingError and OSError."""
    content = files.content(path, files.MEGABYTE)
    if len(content) != _BYTES:
        raise unusable(path, f"is no gesture of TFLM's magic_wand: it has {len(content):,} bytes, and not {_BYTES:,}")
    frames = np.frombuffer(content, ">f4").reshape(_FRAMES, _AXES).astype(np.float64)
    chosen = columns.counted(path, _AXES, wanted)
    drawn = np.flatnonzero(frames.any(axis=1))
    values = frames[drawn[0] if len(drawn) else _FRAMES :, chosen]
    return [Track(values=values, units=("mg",) * len(chosen), rate_hz=_RATE_HZ)]
