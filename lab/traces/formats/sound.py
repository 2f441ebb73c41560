"""Sound files: sound, or an axis of another sensor in each channel, full scale for its range.

They are read in pieces, so that hours of sound need no memory. `full_scale` of dataset.toml says what 1.0 stands for.
"""

from __future__ import annotations

import errno
import struct
import weakref
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile

from lab.signals import sound
from lab.signals.dataset import Dataset
from lab.signals.unusable import unusable
from lab.traces import numbers
from lab.traces.holds import Files, Holds, too_large, whole_rate
from lab.traces.packed import PACKINGS, packed, steps
from lab.traces.sheet import Content, Sheet
from lab.traces.trace import RecordedSignal, Trace, Values

OF_RECORDINGS = frozenset({".wav", ".wave", ".w64", ".rf64", ".aif", ".aiff", ".caf", ".flac"})
"""Not those that lose what is not heard."""

ENDINGS = sound.READ
SAYS_LABELS = HAS_LABELS = False

_OF_WAV = Holds(encodings=("int8", "int16", "int24", "int32", "float32", "float64"))
_HOLDS = {".wav": _OF_WAV, ".wave": _OF_WAV, ".flac": Holds(encodings=("int8", "int16", "int24"))}
WRITES = frozenset(_HOLDS)

_ENCODINGS = {
    "PCM_S8": "int8",
    "PCM_U8": "int8",
    "PCM_16": "int16",
    "PCM_24": "int24",
    "PCM_32": "int32",
    "FLOAT": "float32",
    "DOUBLE": "float64",
}
_SUBTYPES = {"int8": "PCM_S8", "int16": "PCM_16", "int24": "PCM_24"}
_MOST_CHANNELS = 1_000
_MOST_OF_RIFF = 2**32 - 1_024
_MOST_OF_FLAC, _FASTEST_OF_FLAC = 8, 655_350
_BLOCK = 2**16


def read(path: Path, _described: Dataset) -> Content:
    """The channels of a file. Raises RecordingError and OSError."""
    with sound.opened(path) as file:
        frames, channels, rate_hz, encoding = file.frames, file.channels, file.samplerate, file.subtype
    if channels > _MOST_CHANNELS:
        raise unusable(path, f"has {channels:,} channels")

    def of(columns: Sequence[int]) -> SoundFrames:
        return SoundFrames(path, frames, tuple(columns))

    sheet = Sheet(
        names=tuple(map(str, range(1, channels + 1))),
        frames=of,
        is_named=False,
        rate_hz=rate_hz,
        of_full_scale=True,
        encoding=_ENCODINGS.get(encoding, "float32"),
    )
    return Content((sheet,))


def losses(trace: Trace, path: Path) -> Iterator[str]:
    """As `Format` has it."""
    return _HOLDS[path.suffix.lower()].losses(trace)


def write(trace: Trace, path: Path) -> Files:
    """As `Format` has it: the first signal."""
    signal = trace.signals[0]
    encoding = _HOLDS[path.suffix.lower()].encoding(signal)
    write_it = _write_flac if path.suffix.lower() == ".flac" else _write_wav
    return {path: lambda stream: write_it(path, signal, encoding, stream)}


def _write_wav(path: Path, signal: RecordedSignal, encoding: str, stream: BinaryIO) -> int:
    """A RIFF of format 1 (PCM) or 3 (IEEE float). libsndfile would put the time of day into a file of floats."""
    channels, packing = len(signal.axes), PACKINGS[encoding]
    size = len(signal.frames) * channels * packing.bytes
    if size > _MOST_OF_RIFF:
        raise unusable(
            path, f"would have {size:,} bytes, and a WAV has at most {_MOST_OF_RIFF:,}: write FLAC, or cut it"
        )
    rate_hz, tag = whole_rate(signal), 1 if packing.steps else 3
    frame = channels * packing.bytes
    heard = struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * frame, frame, 8 * packing.bytes)
    padding = size % 2
    stream.write(struct.pack("<4sI4s4sI", b"RIFF", 20 + len(heard) + size + padding, b"WAVE", b"fmt ", len(heard)))
    stream.write(heard + struct.pack("<4sI", b"data", size))
    clipped = 0
    for block in signal.blocks(_BLOCK):
        content, beyond = packed(block, encoding)
        if encoding == "int8":
            content = (np.frombuffer(content, np.int8).astype(np.int16) + 128).astype(np.uint8).tobytes()
        stream.write(content)
        clipped += beyond
    stream.write(bytes(padding))
    return clipped


def _write_flac(path: Path, signal: RecordedSignal, encoding: str, stream: BinaryIO) -> int:
    bits, channels, rate_hz = 8 * PACKINGS[encoding].bytes, len(signal.axes), whole_rate(signal)
    if channels > _MOST_OF_FLAC or rate_hz > _FASTEST_OF_FLAC:
        raise too_large(path, f"cannot have {channels:,} channels at {rate_hz:,} Hz")
    clipped, kept = 0, _Kept(stream)
    try:
        with soundfile.SoundFile(kept, "w", rate_hz, channels, _SUBTYPES[encoding], format="FLAC") as file:
            for block in signal.blocks(_BLOCK):
                whole, beyond = steps(block, bits)
                file.write(whole << (32 - bits))
                clipped += beyond
    except soundfile.LibsndfileError as error:
        raise kept.error or OSError(errno.EIO, error.error_string) from error
    if kept.error is not None:
        raise kept.error
    return clipped


class _Kept:
    """A stream for libsndfile, which passes on that writing failed but not why."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.error: OSError | None = None
        self.seek, self.tell = stream.seek, stream.tell

    def write(self, content: bytes) -> int:
        try:
            return self._stream.write(content)
        except OSError as error:
            self.error = error
            return 0


@dataclass(frozen=True)
class SoundFrames:
    """`frames` of a sound file, of which a column for each of `channels` is read; -1..1.

    The file stays open from the first `read` on, for as long as this value is used.
    """

    path: Path
    frames: int
    channels: tuple[int, ...]
    _opened: list[soundfile.SoundFile] = field(default_factory=list, compare=False, repr=False)

    def __len__(self) -> int:
        return self.frames

    def __reduce__(self) -> tuple[object, ...]:
        """Without the open file, of which every process needs its own."""
        return SoundFrames, (self.path, self.frames, self.channels)

    def read(self, first: int, count: int) -> Values:
        """As `Frames` has it."""
        wanted = max(0, min(count, self.frames - first))
        if not wanted:
            return np.empty((0, len(self.channels)))
        file = self._file()
        try:
            if file.tell() != first:
                file.seek(first)
            found: Values = file.read(wanted, dtype="float64", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise unusable(self.path, f"cannot be read from frame {first:,} on: {error.error_string}") from error
        if len(found) < wanted:
            ends = first + len(found)
            raise unusable(self.path, f"is truncated: it promises {self.frames:,} frames and ends after {ends:,}")
        values = found[:, self.channels]
        numbers.check(self.path, values, first)
        return values

    def _file(self) -> soundfile.SoundFile:
        if not self._opened:
            with ExitStack() as open_files:
                self._opened.append(open_files.enter_context(sound.opened(self.path)))
                weakref.finalize(self, open_files.pop_all().close)
        return self._opened[0]
