"""Sensors such as `sysbus.pdm`: what the firmware hears and feels, fed by the commands that Renode's models have.

Files hold int16 little-endian frames without a header, if nothing else is said.
"""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lab import files
from lab.engines.builtin.description import Description, Entry
from lab.errors import ConfigurationError
from lab.monitor.actions import action
from lab.monitor.peripheral import Device
from lab.signals import picture
from lab.signals.signal import Signal
from lab.signals.sound import MOST_BYTES, RAW_RATE_HZ, broken

if TYPE_CHECKING:
    from lab.monitor.board import Board

_AXES = ("x", "y", "z")
_BYTES = 2
_STEPS_PER_G = 8192
"""Of 4 g in 16 bits."""


class Microphone(Device):
    """A device that hears raw sound."""

    @action("SetInputFile")
    def set_input_file(self, file: Path, channel: str = "Left", repeat: int = 1) -> None:
        """Queue a file of samples `repeat` times."""
        if channel != "Left":
            raise ConfigurationError(
                f"The built-in engine's microphone is mono: there is no channel {channel}.",
                remedy="Use Left.",
                code="monitor-command",
            )
        once = _frames(file, 1)
        if once.nbytes * repeat > MOST_BYTES:
            raise ConfigurationError(
                f"{file}, {repeat:,} times, would be more than {MOST_BYTES:,} bytes.",
                remedy="Repeat it less often, and feed it again after a while.",
                code="monitor-command",
            )
        sound = np.tile(once, (max(0, repeat), 1))
        self._board.feed(self.path, Signal.of_sound(sound, RAW_RATE_HZ))


class Samples(Device):
    """The lab's own sensor, docs/sensor-fifo.md, or a part on serial audio: firmware sets the rate of its frames."""

    def __init__(self, board: Board, path: str, channels: int) -> None:
        super().__init__(board, path)
        self._channels = channels

    @action("FeedSamples")
    def feed_samples(self, file: Path) -> None:
        """Queue a file of frames."""
        axes = tuple(map(str, range(self._channels)))
        self._board.feed(self.path, Signal(_frames(file, self._channels), RAW_RATE_HZ, axes, "", 1))


class SampledAccelerometer(Device):
    """Renode's own accelerometer, which uses up a sample each time it is read."""

    @action("FeedAccelerationSample")
    def feed_samples(self, file: Path) -> None:
        """Queue a text of samples."""
        self._board.feed(self.path, Signal(_accelerations(file), RAW_RATE_HZ, _AXES, "g", _STEPS_PER_G))


class Accelerometer(Device):
    """A part with a clock of its own, docs/accelerometers.md."""

    @action("FeedSignal")
    def feed_signal(self, file: Path, rate_hz: Decimal, steps: int) -> None:
        """Queue a file of `rate_hz` frames a second, `steps` being 1 g. An empty file is nothing, at any rate."""
        frames = _frames(file, len(_AXES))
        if not len(frames):
            return
        if rate_hz <= 0 or steps <= 0:
            raise ConfigurationError(
                f"{self.path} FeedSignal needs frames a second and steps to 1 g above 0, not {rate_hz} and {steps}.",
                remedy="The scripts of the lab's boards take them from $motion_hz and $motion_steps.",
                code="monitor-command",
            )
        self._board.feed(self.path, Signal(frames, float(rate_hz), _AXES, "g", steps))


class Camera(Device):
    """A camera, which sees one picture until it is given another."""

    @action("ImageSource")
    def see(self, file: Path) -> None:
        """Let it see a file from now on, whatever is in it."""
        try:
            content = files.content(file, picture.MOST_BYTES)
        except OSError as error:
            raise broken(file, f"cannot be read: {files.why_unread(error)}") from error
        self._board.feed(self.path, Signal.of_picture(content))


Sensor = Microphone | Samples | Accelerometer | SampledAccelerometer | Camera


def of(board: Board, description: Description) -> dict[str, Sensor]:
    """The sensors of a board that take a signal, by full path."""
    found: dict[str, Sensor] = {}
    for name, entry in description.entries.items():
        path = description.path(name)
        if entry.type == "Sound.NRF52840_PDM":
            found[path] = Microphone(board, path)
        elif entry.type in ("Sensors.SensorFifo", "Sound.INMP441", "Sound.WM8994"):
            found[path] = Samples(board, path, _channels(entry))
        elif entry.type.startswith("Sensors.Clocked"):
            found[path] = Accelerometer(board, path)
        elif entry.type == "Sensors.LSM9DS1_IMU":
            found[path] = SampledAccelerometer(board, path)
        elif entry.type == "Sensors.ArduCAMMini2MPPlus":
            found[path] = Camera(board, path)
    return found


def _accelerations(file: Path) -> NDArray[np.int16]:
    """[samples, axes] of a text: a line for each, `x y z` in g, `#` before remarks. Raises RecordingError."""
    try:
        lines = files.content(file, MOST_BYTES).decode("utf-8", "replace").splitlines()
        values = [[float(word) for word in line.split()] for line in lines if line.strip() and line.strip()[0] != "#"]
    except OSError as error:
        raise broken(file, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise broken(file, f"has a line that is no three numbers: {error!s:.80}") from error
    if any(len(row) != len(_AXES) or not all(map(isfinite, row)) for row in values):
        raise broken(file, "has a line that is no three numbers")
    steps = np.trunc(np.array(values, dtype=np.float64).reshape(-1, len(_AXES)) * _STEPS_PER_G)
    kept: NDArray[np.int16] = np.clip(steps, -(2**15), 2**15 - 1).astype(np.int16)
    return kept


def _channels(entry: Entry) -> int:
    """Samples in a frame, one where the entry does not say."""
    said = entry.attributes.get("channels")
    return said.value if said and isinstance(said.value, int) else 1


def _frames(file: Path, channels: int) -> NDArray[np.int16]:
    """[frames, channels]. Raises RecordingError for a file that cannot be read, or has no whole number of frames."""
    try:
        content = files.content(file, MOST_BYTES)
    except OSError as error:
        raise broken(file, f"cannot be read: {error.strerror}") from error
    size = channels * _BYTES
    if len(content) % size:
        frames = "16-bit samples" if channels == 1 else f"frames of {size} bytes"
        raise broken(file, f"is truncated: {len(content):,} bytes are no whole number of {frames}")
    return np.frombuffer(content, dtype="<i2").astype(np.int16).reshape(-1, channels)
