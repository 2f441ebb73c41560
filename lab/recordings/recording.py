"""A recording as the samples that a sensor delivers, whatever form it was stored in."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from lab.errors import RecordingError
from lab.recordings import formats
from lab.recordings.formats import FULL_SCALE

_MARGIN_S = 0.25
"""Read beyond what is played, so that the resampling filter sees what follows and no edge."""


@dataclass(frozen=True)
class Recording:
    """int16 `samples`, mono; `notes` says what was done to them, and is empty if nothing was."""

    samples: NDArray[np.int16]
    notes: tuple[str, ...] = ()


def load(path: Path, rate_hz: int, length: int) -> Recording:
    """The first `length` samples of the file, mono, at `rate_hz`.

    A shorter one is padded with zeros at its end and a longer one cut there, as TensorFlow's Speech Commands tools do.
    Channels are averaged. 16-bit mono of the right rate passes bit for bit.

    Raises RecordingError, naming the file, for whatever keeps it from being read: it is missing, empty, truncated, no
    audio, holds what is no number, or a library of somebody else's fails at it.
    """
    try:
        return _loaded(path, rate_hz, length)
    except RecordingError:
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": ")
        raise formats.broken(path, f"cannot be read ({what})") from error


def _loaded(path: Path, rate_hz: int, length: int) -> Recording:
    sound = formats.read(path, length / rate_hz + _MARGIN_S)
    channels = sound.samples.shape[1]
    notes = []
    if sound.encoding != "PCM_16":
        notes.append(f"converted {sound.encoding} to 16 bits")
    mono = sound.samples[:, 0] if channels == 1 else sound.samples.mean(axis=1)
    if channels > 1:
        notes.append(f"mixed {channels} channels")
    if sound.rate_hz != rate_hz:
        mono = soxr.resample(mono, sound.rate_hz, rate_hz, quality="VHQ")
        notes.append(f"resampled {sound.rate_hz}->{rate_hz} Hz")
    available = ceil(sound.frames * rate_hz / sound.rate_hz)
    if available != length:
        beginning = f"longer than {length / rate_hz:g} s: only the beginning was played"
        notes.append("padded with zeros at the end" if available < length else beginning)
    scaled = np.round(mono[:length] * FULL_SCALE)
    samples = np.zeros(length, dtype=np.int16)
    samples[: len(scaled)] = np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1)
    if np.any(samples[: len(scaled)] != scaled):
        notes.append("clipped")
    samples.setflags(write=False)
    return Recording(samples, tuple(notes))
