"""What can be heard and seen of the recordings that speak against a run: `clips/` of its folder.

For each recording that was decided wrongly or differs from the host: `<number>.flac`, the samples that were played,
and `<number>.npy`, the host's features of them. The number is the recording's index in `clips` of the run.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from lab import disk, files, npy
from lab.building import host_features
from lab.errors import RecordingError
from lab.measuring.measurement import Measurement
from lab.outcomes.recording import ClipOutcome
from lab.recordings import reading
from lab.workload import Workload

MOST = 200
"""As many recordings are kept at most, so that a run on thousands leaves a folder that can be passed on."""
_CLIPS = "clips"
_MOST_SAMPLES = 2**22  # more than four minutes at 16 kHz
_MOST_ENCODED = 2 * _MOST_SAMPLES + 2**16  # bytes: a FLAC is hardly larger than its samples
_MOST_FEATURES = 4096


@dataclass(frozen=True)
class Evidence:
    """One recording: the FLAC to be played, its int16 `samples`, mono, and int8 `features` [steps, channels]."""

    sound: bytes
    samples: NDArray[np.int16]
    rate_hz: int
    features: NDArray[np.generic]


def write(measurement: Measurement, workload: Workload, folder: Path) -> int:
    """Keep the evidence of a run in its folder, all or none; of an earlier run there nothing is left.

    Recordings that differ from the host come first, then those decided wrongly; returns how many were left out. One
    that is no longer there, or is not what was played any more, is without evidence. Raises StorageError.
    """
    final = folder / _CLIPS
    speaking = _speaking(measurement.clips)
    with disk.writing(folder, elsewhere=disk.FOR_A_RUN):
        shutil.rmtree(final, ignore_errors=True)
        if not speaking:
            return 0
        partial = folder / f".{_CLIPS}-{secrets.token_hex(4)}"
        partial.mkdir()
        try:
            kept = _fill(partial, measurement.clips, speaking[:MOST], workload)
            if kept:
                partial.rename(final)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return len(speaking) - kept


def read(folder: Path, clip_index: int) -> Evidence | None:
    """What the folder of a run keeps of the recording with that index in `clips`, or None if it keeps nothing."""
    sound, features = _files(folder / _CLIPS, clip_index)
    try:
        encoded = files.content(sound, _MOST_ENCODED)
        with soundfile.SoundFile(io.BytesIO(encoded)) as flac:
            if flac.channels != 1 or not 0 < flac.frames <= _MOST_SAMPLES:  # a FLAC of 2 MB can have hours
                return None
            samples = flac.read(flac.frames, dtype="int16")
            rate_hz = flac.samplerate
        return Evidence(encoded, samples, rate_hz, npy.read(features, np.dtype(np.int8), _is_a_picture))
    except (OSError, ValueError, soundfile.LibsndfileError):  # not kept, or spoiled since
        return None


def _is_a_picture(shape: npy.Shape) -> bool:
    return len(shape) == 2 and all(1 <= extent <= _MOST_FEATURES for extent in shape)


def _speaking(clips: Sequence[ClipOutcome]) -> list[int]:
    differing = [index for index, clip in enumerate(clips) if clip.difference]
    wrong = [index for index, clip in enumerate(clips) if not clip.difference and not clip.correct]
    return differing + wrong


def _fill(folder: Path, clips: Sequence[ClipOutcome], indices: Iterable[int], workload: Workload) -> int:
    """Write the files of those that are still what was played, and count them."""
    kept = 0
    rate_hz = workload.input.rate_hz
    for index in indices:
        samples = _played(clips[index], workload)
        if samples is None:
            continue
        sound, features = _files(folder, index)
        # By way of memory, because libsndfile does not say that a disk is full.
        encoded, computed = io.BytesIO(), io.BytesIO()
        soundfile.write(encoded, samples, rate_hz, format="FLAC", subtype="PCM_16")
        np.save(computed, host_features.of(samples, workload.features, workload.input))
        sound.write_bytes(encoded.getvalue())
        features.write_bytes(computed.getvalue())
        kept += 1
    return kept


def _played(clip: ClipOutcome, workload: Workload) -> NDArray[np.int16] | None:
    try:
        samples = reading.load(clip.entry, workload.input).samples
    except RecordingError:
        return None
    return samples if hashlib.sha256(samples.tobytes()).hexdigest() == clip.stimulus else None


def _files(folder: Path, index: int) -> tuple[Path, Path]:
    return folder / f"{index}.flac", folder / f"{index}.npy"
