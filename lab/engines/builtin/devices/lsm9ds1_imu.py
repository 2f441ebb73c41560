"""Accelerometer and gyroscope of the Nano 33 BLE."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.engines.builtin.devices import accelerations
from lab.engines.builtin.devices.accelerations import RENODES_G
from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.peripheral import Board
from lab.signals.signal import Signal

_WHO_AM_I, _IDENTITY = 0x0F, 0x68
_CTRL_REG1_G, _CTRL_REG6_XL, _CTRL_REG8 = 0x10, 0x20, 0x22
_OUT_X_L, _OUT_Z_H = 0x28, 0x2D
_FIFO_SRC = 0x2F
_FULL_SCALE, _AUTO_INCREMENT = 0x18, 4
_KEPT = {_CTRL_REG1_G: _FULL_SCALE, _CTRL_REG6_XL: _FULL_SCALE, _CTRL_REG8: _AUTO_INCREMENT}
"""The bits that a write sets, by register; Renode's model has no others."""
_FULL_SCALE_G = (2, 16, 4, 8)
"""By CTRL_REG6_XL.FS_XL."""


class LSM9DS1_IMU(I2CDevice):
    """LSM9DS1, accelerometer half of its first address. Data sheet DocID025715 rev 3, chapters 6 and 7.

    As in Renode: one sample is used up by each read that starts at OUT_X_L_XL, whatever the time and the output data
    rate; STATUS never reports new data; without samples it reads 0; of what is written only the full scale and the
    automatic increment are kept. FIFO_SRC says 0 samples, and 1 from the next read on until one is used up. The
    gyroscope reads as zeros, where Renode has one too.
    """

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.queue: NDArray[np.int16] = np.empty((0, 3), np.int16)
        self.sample = np.zeros(3, np.int16)

    def reset(self) -> None:
        """Back to the state after power-on. As in Renode, samples that wait stay."""
        super().reset()
        self.bytes = bytearray(0x80)
        self.bytes[_WHO_AM_I] = _IDENTITY
        self.bytes[_CTRL_REG8] = _AUTO_INCREMENT
        self.address = 0
        self.addressed = False
        self.reported = 0

    def feed(self, signal: Signal) -> None:
        """Queue accelerations, x y z, one after the other whatever their rate. Raises RecordingError for other axes."""
        self.queue = np.concatenate([self.queue, accelerations.in_steps_of(RENODES_G, signal, self.name)])

    def write_bytes(self, data: bytes) -> None:
        """The first byte of a transfer is the register's address, the others its value and the next ones'."""
        for byte in data:
            if not self.addressed:
                self.address, self.addressed = byte & 0x7F, True
                continue
            if self.address in _KEPT:
                self.bytes[self.address] = byte & _KEPT[self.address]
            self._advance()

    def read_byte(self) -> bytes:
        """The addressed register."""
        if self.address == _OUT_X_L:
            self._take_sample()
        elif self.address == _FIFO_SRC:
            self._report()
        value = self.bytes[self.address]
        self._advance()
        return bytes([value])

    def stop_condition(self) -> None:
        """The next byte is an address."""
        self.addressed = False

    def _report(self) -> None:
        self.bytes[_FIFO_SRC] = self.reported
        self.reported = self.reported or 1

    def _take_sample(self) -> None:
        sample = np.zeros(3, np.int16)
        if len(self.queue):
            sample = self.queue[0]
            self.reported = 0
        self.queue = self.queue[1:]
        full_scale = _FULL_SCALE_G[self.bytes[_CTRL_REG6_XL] >> 3 & 3]
        digits = np.trunc(sample * 2.0 / full_scale).astype("<i2")
        self.bytes[_OUT_X_L : _OUT_Z_H + 1] = digits.tobytes()

    def _advance(self) -> None:
        if self.bytes[_CTRL_REG8] & _AUTO_INCREMENT:
            self.address = (self.address + 1) % 0x80
