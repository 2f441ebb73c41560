"""Forms in which recordings are stored: what libsndfile reads, and TFLM's examples carry (raw samples, C arrays)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from lab import files
from lab.errors import RecordingError
from lab.signals import containers

FULL_SCALE = 32_768
"""What int16 makes of 1.0."""

MOST_BYTES = 64 * files.MEGABYTE
"""The largest file that is read whole: half an hour of raw samples."""

RAW_RATE_HZ = 16_000
"""Rate of the files that carry none: the raw samples and C arrays of TFLM's examples."""

_UNCOMPRESSED = (".wav", ".wave", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".rf64", ".w64")
READ = frozenset((*_UNCOMPRESSED, ".flac", ".mp3", ".oga", ".ogg", ".opus"))
"""Endings of sound files that are read; libsndfile goes by their content."""

_OF_PHONES = (".3gp", ".aac", ".amr", ".m4a", ".m4b", ".mov", ".mp4", ".webm", ".wma")
NOT_READ = frozenset((*_OF_PHONES, ".ac3", ".alac", ".ape", ".dsf", ".mka", ".mp2", ".pcm", ".raw", ".spx", ".wv"))
"""Endings of sound files that are not: they are found, and skipped with the reason."""

_RATES_HZ = range(1_000, 1_000_001)
_MOST_CHANNELS = 32
_INTEGER_SCALE = 32.0  # floats that loud, 30 dB above full scale, were never scaled to -1..1
_LARGEST = 2**42

_COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_ARRAY = re.compile(r"int16_t\s{1,80}\w{1,200}\s{0,80}\[[^\]]{0,200}\]\s{0,80}=\s{0,80}\{")

_FLOATS = ("FLOAT", "DOUBLE")


@dataclass(frozen=True)
class Sound:
    """The beginning of a file: `samples` is [frames, channels] in -1..1; `frames` counts those of the whole file."""

    samples: NDArray[np.float64]
    rate_hz: int
    frames: int
    encoding: str = "PCM_16"


def read(path: Path, seconds: float) -> Sound:
    """At least the first `seconds` of the file, if it has them.

    Raises RecordingError, naming the file, if it is missing, empty, truncated, no audio, or holds what is no number.
    """
    if shown(path.name) != path.name:
        raise broken(path, "has a name that is not UTF-8")
    try:
        size = path.stat().st_size
        sound = _READERS.get(path.suffix.lower(), _audio)(path, seconds) if size or not path.is_file() else None
    except OSError as error:
        raise broken(path, f"cannot be read: {error.strerror}") from error
    if sound is None:
        raise broken(path, "is empty")
    if not sound.frames:
        raise broken(path, "has no samples")
    if not np.isfinite(sound.samples).all():
        raise broken(path, "holds samples that are no numbers (NaN or infinity)")
    if sound.encoding in _FLOATS and (peak := float(np.abs(sound.samples).max(initial=0))) > _INTEGER_SCALE:
        raise broken(
            path, f"holds floats up to {peak:,.0f}, as if they were integers: full scale is 1.0, so divide them"
        )
    return sound


def shown(path: Path | str) -> str:
    """A path or name as text; bytes that are not UTF-8 are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def broken(path: Path, reason: str) -> RecordingError:
    """The error for a recording that cannot be used."""
    return RecordingError(f"{shown(path)} {reason}.", remedy="Replace it, or leave it out.", code="recording-broken")


@contextmanager
def opened(path: Path) -> Iterator[soundfile.SoundFile]:
    """The sound file, open to be read. Raises RecordingError for one that is truncated or no audio, and OSError."""
    try:
        with files.opened(path, _LARGEST) as stream:
            missing = containers.missing(stream, os.fstat(stream.fileno()).st_size)
            if missing:
                raise broken(path, f"is truncated: {missing:,} bytes of its samples are missing")
            os.lseek(stream.fileno(), 0, os.SEEK_SET)
            with soundfile.SoundFile(stream.fileno(), closefd=False) as file:
                yield file
    except soundfile.LibsndfileError as error:
        if path.suffix.lower() in NOT_READ:
            raise broken(
                path, f"is of a format that the lab does not read ({path.suffix}): convert it to WAV or FLAC"
            ) from error
        raise broken(path, f"is no audio that can be read: {error.error_string.rstrip('.')}") from error


def _audio(path: Path, seconds: float) -> Sound:
    with opened(path) as file:
        if file.samplerate not in _RATES_HZ:
            raise broken(path, f"claims a rate of {file.samplerate:,} Hz")
        if file.channels > _MOST_CHANNELS:
            raise broken(path, f"claims {file.channels:,} channels")
        wanted = min(file.frames, ceil(seconds * file.samplerate))
        samples = file.read(wanted, dtype="float64", always_2d=True)
        sound = Sound(samples, file.samplerate, file.frames, file.subtype)
    if len(samples) < wanted:
        raise broken(path, f"is truncated: it promises {sound.frames:,} samples and ends after {len(samples):,}")
    return sound


def _raw(path: Path, _seconds: float) -> Sound:
    content = files.content(path, MOST_BYTES)
    if len(content) % 2:
        raise broken(path, f"is truncated: {len(content):,} bytes are no whole number of 16-bit samples")
    return _of_int16(np.frombuffer(content, dtype="<i2"))


def _c_array(path: Path, _seconds: float) -> Sound:
    """The numbers between the braces of `int16_t name[] = { ... }`."""
    source = _COMMENT.sub("", files.content(path, MOST_BYTES).decode("utf-8", "replace"))
    array = _ARRAY.search(source)
    if array is None:
        raise broken(path, "holds no array of int16_t")
    inside, end, _ = source[array.end() :].partition("}")
    if not end:
        raise broken(path, "is truncated: its array has no end")
    try:
        numbers = [int(number, 0) for number in inside.split(",") if number.strip()]
        return _of_int16(np.array(numbers, dtype=np.int16))
    except (ValueError, OverflowError) as error:
        raise broken(path, f"holds an array of something else than 16-bit numbers ({error})") from error


def _of_int16(samples: NDArray[np.int16]) -> Sound:
    return Sound(samples[:, None] / FULL_SCALE, RAW_RATE_HZ, len(samples))


_READERS: dict[str, Callable[[Path, float], Sound]] = {".data": _raw, ".cc": _c_array, ".c": _c_array}
