"""What can be heard and seen of the recordings that speak against a run: `clips/` of its folder.

For each recording that was decided wrongly or differs from the host it has the signal that was played, and
`<number>.npy`, the host's features of it. Mono sound is `<number>.flac`, a picture `<number>.jpg`; other signals are
tables, `<label>.<number>.csv`, so that the folder can be played again with `--recordings`. The number is the
recording's index in `clips` of the run.
"""

from __future__ import annotations

import io
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from lab import disk, files, npy
from lab.errors import RecordingError
from lab.measuring.keeping import MOST
from lab.measuring.measurement import Measurement
from lab.outcomes.recording import ClipOutcome, Kept
from lab.reporting import tables
from lab.signals import picture
from lab.signals.signal import PICTURE, SOUND, SOUND_STEPS, Signal
from lab.traces.formats import comma_separated

_CLIPS = "clips"
_MOST_SAMPLES = 2**22  # more than four minutes of sound at 16 kHz
_MOST_ENCODED = 2 * _MOST_SAMPLES + 2**16  # bytes: a FLAC is hardly larger than its samples
_MOST_FEATURES = 4096
_PLAIN = re.compile(r"[\w -]+")


@dataclass(frozen=True)
class Evidence:
    """One recording: `values` are float64 [frames, axes] in `unit`, those of sound in full scale.

    `sound` is a FLAC to be played and `picture` a JPEG to be looked at, None for other signals; `features` int8
    [rows, values], None where none are kept.
    """

    axes: tuple[str, ...]
    unit: str
    rate_hz: float
    values: NDArray[np.float64]
    sound: bytes | None
    picture: bytes | None
    features: NDArray[np.generic] | None


def write(measurement: Measurement, folder: Path) -> int:
    """Keep the evidence of a run in its folder, all or none; of an earlier run there nothing is left.

    Recordings that differ from the host come first, then those decided wrongly; returns how many were left out. Raises
    StorageError.
    """
    final = folder / _CLIPS
    speaking = _speaking(measurement.clips)
    chosen = [(index, kept) for index in speaking[:MOST] if (kept := measurement.clips[index].kept)]
    with disk.writing(folder, elsewhere=disk.FOR_A_RUN):
        shutil.rmtree(final, ignore_errors=True)
        if not chosen:
            return len(speaking)
        partial = folder / f".{_CLIPS}-{secrets.token_hex(4)}"
        partial.mkdir()
        try:
            _fill(partial, [(index, measurement.clips[index].label, kept) for index, kept in chosen])
            partial.rename(final)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return len(speaking) - len(chosen)


def read(folder: Path, clip_index: int, label: str, axes: tuple[str, ...] = SOUND, unit: str = "") -> Evidence | None:
    """What the folder of a run keeps of the recording with that index in `clips`, or None if it keeps nothing.

    It is what the run's sensor delivers: mono sound, a picture, or a value of each of `axes` in `unit`.
    """
    clips = folder / _CLIPS
    sound = seen = None
    try:
        if axes == SOUND:
            values, rate_hz, sound = _sound(clips / f"{clip_index}.flac")
        elif axes == PICTURE:
            seen = picture.read(clips / f"{clip_index}.jpg")
            values, rate_hz = np.empty((0, 1)), 1.0
        else:
            values, rate_hz = tables.read(clips / _name(clip_index, label), axes, unit, _MOST_ENCODED)
        features = _features(clips / f"{clip_index}.npy")
    except (OSError, ValueError, RecordingError, soundfile.LibsndfileError):  # not kept, or spoiled since
        return None
    return Evidence(axes, unit, rate_hz, values, sound, seen, features)


def _sound(file: Path) -> tuple[NDArray[np.float64], float, bytes]:
    encoded = files.content(file, _MOST_ENCODED)
    with soundfile.SoundFile(io.BytesIO(encoded)) as flac:
        if flac.channels != 1 or not 0 < flac.frames <= _MOST_SAMPLES:  # a FLAC of 2 MB can have hours
            raise ValueError("it is no sound that was kept")
        samples = flac.read(flac.frames, dtype="int16", always_2d=True)
        return samples / SOUND_STEPS, flac.samplerate, encoded


def _features(file: Path) -> NDArray[np.generic] | None:
    """None for a recording that the host made none of."""
    return npy.read(file, np.dtype(np.int8), _is_a_picture) if file.exists() else None


def _is_a_picture(shape: npy.Shape) -> bool:
    return len(shape) == 2 and all(1 <= extent <= _MOST_FEATURES for extent in shape)


def _speaking(clips: Sequence[ClipOutcome]) -> list[int]:
    differing = [index for index, clip in enumerate(clips) if clip.difference]
    wrong = [index for index, clip in enumerate(clips) if not clip.difference and not clip.correct]
    return differing + wrong


def _fill(folder: Path, chosen: Iterable[tuple[int, str, Kept]]) -> None:
    for index, label, kept in chosen:
        for name, content in _content(index, label, kept):
            (folder / name).write_bytes(content)


def _content(index: int, label: str, kept: Kept) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, by way of memory, because libsndfile does not say that a disk is full."""
    if kept.signal.axes == SOUND:
        yield f"{index}.flac", _flac(kept.signal)
    elif kept.signal.axes == PICTURE:
        yield f"{index}.jpg", picture.content_of(kept.signal, "clips")
    else:
        yield _name(index, label), "".join(comma_separated.written([kept.signal])).encode()
    if kept.features is not None:
        computed = io.BytesIO()
        np.save(computed, kept.features)
        yield f"{index}.npy", computed.getvalue()


def _name(index: int, label: str) -> str:
    """Of a table; a label that would make another name of it is left out."""
    return f"{label}.{index}.csv" if _PLAIN.fullmatch(label) else f"{index}.csv"


def _flac(signal: Signal) -> bytes:
    encoded = io.BytesIO()
    soundfile.write(encoded, signal.samples, round(signal.rate_hz), format="FLAC", subtype="PCM_16")
    return encoded.getvalue()
