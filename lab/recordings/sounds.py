"""Sound: mono recordings, in the layout of Speech Commands, with the speaker in a file's name."""

from __future__ import annotations

import re
from collections.abc import Collection as Names
from collections.abc import Mapping
from math import ceil
from pathlib import Path

import numpy as np
import soxr

from lab.errors import RecordingError
from lab.recordings import folders
from lab.recordings.collection import Collection, Entry
from lab.recordings.recording import Recording
from lab.signals import sound
from lab.signals.sound import FULL_SCALE, shown

_MARGIN_S = 0.25
"""Read beyond what is played, so that the resampling filter sees what follows and no edge."""


_SPEAKER = re.compile(r"(?:^|_)([0-9a-f]{8})_nohash_\d+$")


def read(folder: Path, labels: Names[str], names: Mapping[str, str] | None = None) -> Collection:
    """The recordings below `folder`, none of them opened yet. What cannot be read is skipped with the reason later.

    Raises RecordingError as `folders.read` does.
    """
    found = folders.read(folder, labels, sound.READ | sound.NOT_READ, names)
    entries = (Entry(file, shown(file.relative_to(folder)), label, speaker(file.stem)) for file, label in found.files)
    return Collection(folder, tuple(entries), found.notes)


def speaker(stem: str) -> str:
    """The eight hexadecimal digits that stand for the speaker in a name such as `0c540988_nohash_1`, or nothing."""
    found = _SPEAKER.search(stem)
    return found[1] if found else ""


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
        raise sound.broken(path, f"cannot be read ({what})") from error


def _loaded(path: Path, rate_hz: int, length: int) -> Recording:
    heard = sound.read(path, length / rate_hz + _MARGIN_S)
    channels = heard.samples.shape[1]
    notes = []
    if heard.encoding != "PCM_16":
        notes.append(f"converted {heard.encoding} to 16 bits")
    mono = heard.samples[:, 0] if channels == 1 else heard.samples.mean(axis=1)
    if channels > 1:
        notes.append(f"mixed {channels} channels")
    if heard.rate_hz != rate_hz:
        mono = soxr.resample(mono, heard.rate_hz, rate_hz, quality="VHQ")
        notes.append(f"resampled {heard.rate_hz}->{rate_hz} Hz")
    available = ceil(heard.frames * rate_hz / heard.rate_hz)
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
