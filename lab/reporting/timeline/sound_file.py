"""The sound that was played, as a FLAC file that is written while it is played."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from lab import disk
from lab.reporting import run_folder

FASTEST_HZ = 655_350
"""Of a FLAC file: RFC 9639, section 9.1.2."""
_TRIAL = bytes(2**16)


@contextmanager
def writing(folder: Path, rate_hz: int) -> Iterator[SoundFile]:
    """The file of a folder, whole or not at all. Raises StorageError."""
    with disk.replacing(folder / run_folder.PLAYED, elsewhere=disk.FOR_A_RUN) as stream:
        sound = SoundFile(folder / run_folder.PLAYED, stream.fileno(), rate_hz)
        try:
            yield sound
        finally:
            sound.close()


class SoundFile:
    """Mono sound of so many Hz, at most FASTEST_HZ, in a file that is open as `handle` and will be at `place`.

    libsndfile writes to the handle by itself: a Ctrl-C within a callback would be lost.
    """

    def __init__(self, place: Path, handle: int, rate_hz: int) -> None:
        self._place, self._handle = place, handle
        self._encoder = soundfile.SoundFile(handle, "w", rate_hz, 1, "PCM_16", format="FLAC", closefd=False)

    def add(self, samples: NDArray[np.int16]) -> None:
        """The next of it. Raises StorageError."""
        self._write(lambda: self._encoder.write(samples))

    def close(self) -> None:
        """Complete the file. Raises StorageError."""
        self._write(self._encoder.close)

    def _write(self, write_it: Callable[[], None]) -> None:
        with disk.writing(self._place, elsewhere=disk.FOR_A_RUN):
            try:
                write_it()
            except (soundfile.LibsndfileError, AssertionError) as error:  # the latter for a block that was cut short
                os.pwrite(self._handle, _TRIAL, os.fstat(self._handle).st_size)  # says why, which libsndfile does not
                raise OSError(errno.EIO, os.strerror(errno.EIO)) from error
