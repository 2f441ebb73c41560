"""Sound files: sound, or an axis of another sensor in each channel, full scale for its range.

They are read in pieces, so that hours of sound need no memory. `full_scale` of dataset.toml says what 1.0 stands for.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from lab.signals import sound
from lab.signals.dataset import Dataset
from lab.signals.unusable import unusable
from lab.traces.sheet import Content, Sheet
from lab.traces.trace import Values

OF_RECORDINGS = frozenset({".wav", ".wave", ".w64", ".rf64", ".aif", ".aiff", ".caf", ".flac"})
"""Not those that lose what is not heard."""

ENDINGS = sound.READ
SAYS_LABELS = False

_ENCODINGS = {
    "PCM_S8": "int8",
    "PCM_U8": "int8",
    "PCM_16": "int16",
    "PCM_24": "int24",
    "PCM_32": "int32",
    "FLOAT": "float32",
    "DOUBLE": "float64",
}
_MOST_CHANNELS = 1_000


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
        bad = np.flatnonzero(~np.isfinite(found).all(axis=1))
        if len(bad):
            raise unusable(self.path, f"holds NaN or infinity at frame {first + int(bad[0]):,}")
        return found[:, self.channels]

    def _file(self) -> soundfile.SoundFile:
        if not self._opened:
            with ExitStack() as open_files:
                self._opened.append(open_files.enter_context(sound.opened(self.path)))
                weakref.finalize(self, open_files.pop_all().close)
        return self._opened[0]
