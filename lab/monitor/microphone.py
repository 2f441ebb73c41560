"""The object `sysbus.pdm`: what the firmware hears."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lab import files
from lab.errors import ConfigurationError
from lab.monitor.actions import action
from lab.signals.signal import Signal
from lab.signals.sound import MOST_BYTES, RAW_RATE_HZ, broken

if TYPE_CHECKING:
    from lab.monitor.board import Board


class Microphone:
    """A device that hears raw sound."""

    def __init__(self, board: Board, path: str) -> None:
        self._board = board
        self._path = path

    @action("SetInputFile")
    def set_input_file(self, file: Path, channel: str = "Left", repeat: int = 1) -> None:
        """Queue a file of int16 little-endian samples, without a header, `repeat` times."""
        if channel != "Left":
            raise ConfigurationError(
                f"The built-in engine's microphone is mono: there is no channel {channel}.",
                remedy="Use Left.",
                code="monitor-command",
            )
        sound = np.tile(_samples(file), max(0, repeat))
        self._board.feed(self._path, Signal.of_sound(sound, RAW_RATE_HZ))


def _samples(file: Path) -> NDArray[np.int16]:
    try:
        content = files.content(file, MOST_BYTES)
    except OSError as error:
        raise broken(file, f"cannot be read: {error.strerror}") from error
    if len(content) % 2:
        raise broken(file, f"is truncated: {len(content):,} bytes are no whole number of 16-bit samples")
    return np.frombuffer(content, dtype="<i2").astype(np.int16)
