"""How signals reach a sensor of Renode's: as which file, by which command of the monitor."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lab.signals import picture
from lab.signals.signal import PICTURE, Signal

_PDM = "Sound.NRF52840_PDM"
_SOUND = {
    "Sensors.SensorFifo": "FeedSamples",
    "Sound.INMP441": "FeedSamples",
    "Sound.WM8994": "FeedSamples",
    _PDM: "SetInputFile",
}
_OF_RENODES_ACCELEROMETERS = "FeedAccelerationSample"
_CLOCKED = "Sensors.Clocked"


def needs_a_file(kind: str) -> bool:
    """Whether a sensor of that type does not start, or is not silent, before it was given a file."""
    return kind == _PDM


def command(kind: str, file: str, signal: Signal) -> str:
    """The sensor's own command that takes a file, by the type in its platform description.

    The lab's own parts have a clock: they are told at which rate the signal goes on, and how many steps are a unit.
    The rate is in quotes, because the monitor keeps seven digits of a bare one.
    """
    if signal.axes == PICTURE:
        return f"ImageSource {file}"
    if kind.startswith(_CLOCKED):
        return f'FeedSignal {file} "{signal.rate_hz:.9f}" {signal.steps_per_unit}'
    return f"{_SOUND.get(kind, _OF_RENODES_ACCELEROMETERS)} {file}"


def write(signal: Signal, kind: str, file: Path) -> None:
    """A signal as that command reads it: a JPEG file, int16 little-endian frames, or lines of accelerations in g.

    Raises OSError.
    """
    if signal.axes == PICTURE:
        file.write_bytes(picture.content_of(signal, kind))
    elif kind.startswith(_CLOCKED) or kind in _SOUND:
        file.write_bytes(signal.samples.astype("<i2").tobytes())
    else:
        np.savetxt(file, signal.samples / signal.steps_per_unit, fmt="%.14f")  # as many digits as 1 / 16,384 has
