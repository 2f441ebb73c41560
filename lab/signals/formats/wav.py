"""Sound files that hold something else than sound: an axis in each channel, full scale for the sensor's range.

`full_scale` of dataset.toml says what else 1.0 stands for. Formats that lose what is not heard are not among them.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import soundfile

from lab import files
from lab.signals import columns, containers
from lab.signals.track import Track, Wanted
from lab.signals.unusable import unusable

ENDINGS = frozenset({".wav", ".wave", ".w64", ".rf64", ".aif", ".aiff", ".caf", ".flac"})
SAYS_LABELS = False

_MOST_BYTES = 64 * files.MEGABYTE
_MOST_VALUES = 2**25  # FLAC packs hours of silence into a megabyte


def read(path: Path, wanted: Wanted) -> list[Track]:
    """The recording of a file. Raises RecordingError and OSError."""
    try:
        with files.opened(path, _MOST_BYTES) as stream:
            missing = containers.missing(stream, os.fstat(stream.fileno()).st_size)
            if missing:
                raise unusable(path, f"is truncated: {missing:,} bytes of its samples are missing")
            os.lseek(stream.fileno(), 0, os.SEEK_SET)
            with soundfile.SoundFile(stream.fileno(), closefd=False) as file:
                if file.frames * file.channels > _MOST_VALUES:
                    raise unusable(path, f"has {file.frames:,} frames of {file.channels:,} channels: split it")
                chosen = columns.counted(path, file.channels, wanted)
                samples = file.read(file.frames, dtype="float64", always_2d=True)
                rate_hz, frames = file.samplerate, file.frames
    except soundfile.LibsndfileError as error:
        raise unusable(path, f"is no WAV that can be read: {error.error_string.rstrip('.')}") from error
    if len(samples) < frames:
        raise unusable(path, f"is truncated: it promises {frames:,} frames and ends after {len(samples):,}")
    with np.errstate(over="ignore"):
        values = samples[:, chosen] * (wanted.dataset.full_scale or wanted.range)
    unit = wanted.dataset.unit or wanted.unit
    return [Track(values=values, units=(unit,) * len(chosen), rate_hz=wanted.dataset.rate_hz or rate_hz)]
