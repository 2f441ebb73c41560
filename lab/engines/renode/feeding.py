"""How samples reach a sensor of Renode's: as which file, by which command of the monitor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_ONE_G = 16_384
_FEEDS = {"Sensors.SensorFifo": "FeedSamples", "Sound.NRF52840_PDM": "SetInputFile"}
_OF_ACCELEROMETERS = "FeedAccelerationSample"


def needs_a_file(kind: str) -> bool:
    """Whether a sensor of that type does not start, or is not silent, before it was given a file."""
    return kind.startswith("Sound.")


def command(kind: str) -> str:
    """The sensor's own command that takes a file, by the type in its platform description."""
    return _FEEDS.get(kind, _OF_ACCELEROMETERS)


def write(samples: NDArray[np.int16], kind: str, file: Path) -> None:
    """Samples as that command reads them: int16 [n] or [n, channels]; of accelerations 16,384 is 1 g.

    Raises OSError.
    """
    if command(kind) == _OF_ACCELEROMETERS:
        np.savetxt(file, samples / _ONE_G, fmt="%.14f")  # as many digits as 1 / 16,384 has
    else:
        file.write_bytes(samples.astype("<i2").tobytes())
