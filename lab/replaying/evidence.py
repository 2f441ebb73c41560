"""What a device had in its memory when it told of an inference: the signal, and what it gave its model."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from lab.engines.machine import Machine
from lab.errors import ConfigurationError
from lab.image import Image
from lab.measuring.host import crc
from lab.outcomes.replay import ReplayedInference
from lab.workload import Workload

_RING, _FEATURES = "lab_samples", "lab_features"


class Evidence:
    """Of the inference that was told last, of firmware that has the symbols of docs/device-protocol.md.

    Where the memory is not what the device summed, because a Renode stands behind the inference, there is none.
    """

    def __init__(self) -> None:
        self.inference: ReplayedInference | None = None
        self._ring = self._given = b""

    def look(self, machine: Machine, firmware: Image, inference: ReplayedInference) -> None:
        """The machine stands where the inference was told."""
        self.inference = inference
        self._ring, self._given = _content(machine, firmware, _RING), _content(machine, firmware, _FEATURES)

    def features(self, workload: Workload) -> NDArray[np.int8] | None:
        """What the model was given, int8 [rows, values]."""
        shape = workload.features.shape(workload.input)
        if self.inference is None or len(self._given) != shape[0] * shape[1]:
            return None
        found = np.frombuffer(self._given, np.int8).reshape(shape)
        told = self.inference.features_crc
        return found if told in ("", crc(found)) else None

    def samples(self, workload: Workload) -> NDArray[np.int16] | None:
        """What the features were made of, int16 [frames, channels].

        Where in the ring they begin is not told, but their checksum is.
        """
        channels, frames = workload.input.channels, workload.features.frames(workload.input)
        if self.inference is None or not self.inference.samples_crc or len(self._ring) % (2 * channels):
            return None
        ring = np.frombuffer(self._ring, np.int16).reshape(-1, channels)
        if len(ring) < frames:
            return None
        twice = np.concatenate([ring, ring])
        windows = (twice[first : first + frames] for first in range(len(ring)))
        return next((one for one in windows if crc(one) == self.inference.samples_crc), None)


def _content(machine: Machine, firmware: Image, name: str) -> bytes:
    with suppress(ConfigurationError):  # firmware of others has other symbols
        symbol = firmware.symbol(name)
        return machine.read(symbol.address, symbol.size)
    return b""
