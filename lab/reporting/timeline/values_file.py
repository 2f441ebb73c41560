"""The values that a sensor delivered, as a NumPy file that is written while they are played."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from lab import disk
from lab.reporting import run_folder


@contextmanager
def writing(folder: Path, channels: int) -> Iterator[ValuesFile]:
    """The file of a folder, whole or not at all. Raises StorageError."""
    with disk.replacing(folder / run_folder.PLAYED_VALUES, elsewhere=disk.FOR_A_RUN) as stream:
        values = ValuesFile(stream, channels)
        yield values
        values.close()


class ValuesFile:
    """int16 [frames, channels]. NumPy leaves room in the header for a number of frames that grows."""

    def __init__(self, stream: BinaryIO, channels: int) -> None:
        self._stream = stream
        self._channels = channels
        self._frames = 0
        self._write_header()

    def add(self, samples: NDArray[np.int16]) -> None:
        """The next of them, of as many channels. Raises OSError."""
        self._stream.write(samples.astype("<i2").tobytes())
        self._frames += len(samples)

    def close(self) -> None:
        """Say how many there are."""
        self._stream.seek(0)
        self._write_header()
        self._stream.seek(0, 2)

    def _write_header(self) -> None:
        header = {"descr": "<i2", "fortran_order": False, "shape": (self._frames, self._channels)}
        npy_format.write_array_header_1_0(self._stream, header)
