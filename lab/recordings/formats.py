"""Forms in which recordings are stored: WAV and FLAC, and what TFLM's examples carry (raw samples, C arrays)."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from lab import files
from lab.errors import RecordingError

FULL_SCALE = 32_768
"""What int16 makes of 1.0."""

MOST_BYTES = 64 * files.MEGABYTE
"""The largest file that is read whole: half an hour of raw samples."""

RAW_RATE_HZ = 16_000
"""Rate of the files that carry none: the raw samples and C arrays of TFLM's examples."""

_RATES_HZ = range(1_000, 1_000_001)
_UNKNOWN_SIZE = 0x7FFF_0000  # programs that write a WAV to a pipe put this or more where the size belongs

_COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_ARRAY = re.compile(r"int16_t\s{1,80}\w{1,200}\s{0,80}\[[^\]]{0,200}\]\s{0,80}=\s{0,80}\{")


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
    try:
        size = path.stat().st_size
        sound = _READERS.get(path.suffix.lower(), _audio)(path, seconds) if size else None
    except OSError as error:
        raise broken(path, f"cannot be read: {error.strerror}") from error
    if sound is None:
        raise broken(path, "is empty")
    if not sound.frames:
        raise broken(path, "has no samples")
    if not np.isfinite(sound.samples).all():
        raise broken(path, "holds samples that are no numbers (NaN or infinity)")
    return sound


def broken(path: Path, reason: str) -> RecordingError:
    """The error for a recording that cannot be used."""
    return RecordingError(
        f"{path} {reason}.", remedy="Replace it, or take it out of the folder.", code="recording-broken"
    )


def _audio(path: Path, seconds: float) -> Sound:
    try:
        with path.open("rb") as stream:
            missing = _missing_from_wav(stream.read(1 << 16), path.stat().st_size)
        if missing:
            raise broken(path, f"is truncated: {missing:,} bytes of its samples are missing")
        with soundfile.SoundFile(path) as file:
            if file.samplerate not in _RATES_HZ:
                raise broken(path, f"claims a rate of {file.samplerate:,} Hz")
            wanted = min(file.frames, ceil(seconds * file.samplerate))
            samples = file.read(wanted, dtype="float64", always_2d=True)
            sound = Sound(samples, file.samplerate, file.frames, file.subtype)
    except soundfile.LibsndfileError as error:
        raise broken(path, f"is no audio that can be read: {error.error_string.rstrip('.')}") from error
    if len(samples) < wanted:
        raise broken(path, f"is truncated: it promises {sound.frames:,} samples and ends after {len(samples):,}")
    return sound


def _missing_from_wav(head: bytes, size: int) -> int:
    """Bytes that a WAV's data chunk promises and the file lacks; libsndfile plays what is left and says nothing."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return 0
    position = 12
    while position + 8 <= len(head):
        name, length = struct.unpack_from("<4sI", head, position)
        position += 8
        if name == b"data":
            return 0 if length >= _UNKNOWN_SIZE else max(0, position + length - size)
        position += length + length % 2
    return 0


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
