"""An accelerometer on I2C."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.engines.builtin.devices import accelerations
from lab.engines.builtin.devices.accelerations import RENODES_G
from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.peripheral import Board
from lab.errors import DeviceFault
from lab.signals.signal import Signal

_WHO_AM_I, _IDENTITY = 0x0F, 0x44
_CTRL1, _CTRL2, _CTRL4, _CTRL5, _CTRL6 = 0x20, 0x21, 0x23, 0x24, 0x25
_STATUS, _FIFO_CTRL, _FIFO_SAMPLES, _STATUS_DUP = 0x27, 0x2E, 0x2F, 0x37
_OUT_X_L, _OUT_Z_H = 0x28, 0x2D
_OUT_T_L = 0x0D
_AUTO_INCREMENT, _SOFT_RESET = 1 << 2, 1 << 6
_READ_ONLY = {_OUT_T_L, _OUT_T_L + 1, _WHO_AM_I, _STATUS, _STATUS_DUP, _FIFO_SAMPLES, *range(_OUT_X_L, _OUT_Z_H + 1)}
_MICRO_G_A_DIGIT = 244
"""At a full scale of 2 g and 14 bits."""
_LOW_POWER_12_BIT = 0
"""CTRL1.MODE and CTRL1.LP_MODE of the only mode with 12 bits."""


class LIS2DW12(I2CDevice):
    """LIS2DW12. Data sheet DS11811 rev 8, chapters 8 and 9.

    As in Renode when samples come from a text: a sample is used up by each read of OUT_X_L, whatever the time and the
    output data rate, and the last one is repeated; data-ready is set, and INT1 and INT2 are high if it leads there,
    while the data rate is not 0; in power-down the outputs read 0; the address advances within the outputs only.

    Stricter than Renode, which dies of a division by zero: reading an output before CTRL6 was written is a DeviceFault.
    The FIFO, which Renode has, is a DeviceFault too.
    """

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.interrupts = (self.line("Interrupt1"), self.line("Interrupt2"))
        self.queue: NDArray[np.int16] = np.empty((0, 3), np.int16)

    def reset(self) -> None:
        """Back to the state after power-on. As in Renode, samples that wait stay."""
        super().reset()
        self.sample = (0, 0, 0)
        self._clear_registers()
        self.address = 0
        self.addressed = False
        self.scale_is_set = False

    def feed(self, signal: Signal) -> None:
        """Queue accelerations, x y z, one after the other whatever their rate. Raises RecordingError for other axes."""
        self.queue = np.concatenate([self.queue, accelerations.in_steps_of(RENODES_G, signal, self.name)])

    def write_bytes(self, data: bytes) -> None:
        """The first byte of a transfer is the register's address, the others its value and the next ones'."""
        for byte in data:
            if not self.addressed:
                self.address, self.addressed = byte, True
                continue
            self._write_register(byte)
            self._advance()

    def read_byte(self) -> bytes:
        """The addressed register."""
        if not self.addressed:
            return b"\0"
        if self.address == _OUT_X_L:
            self._take_sample()
        value = self._read_register()
        self._advance()
        return bytes([value])

    def stop_condition(self) -> None:
        """The next byte is an address."""
        self.address, self.addressed = 0, False

    @property
    def _is_running(self) -> bool:
        return self.bytes[_CTRL1] >> 4 != 0

    def _clear_registers(self) -> None:
        self.bytes = bytearray(0x100)
        self.bytes[_WHO_AM_I] = _IDENTITY
        self.bytes[_CTRL2] = _AUTO_INCREMENT

    def _write_register(self, value: int) -> None:
        if self.address in _READ_ONLY:
            return
        if self.address == _FIFO_CTRL and value >> 5:
            raise DeviceFault(
                f"{self.name}: the built-in engine's LIS2DW12 has no FIFO.",
                remedy="Read samples one by one (FIFO_CTRL = 0), or run with --engine renode.",
                code="device-misused",
            )
        self.bytes[self.address] = value
        if self.address == _CTRL2 and value & _SOFT_RESET:
            self._clear_registers()
            self.scale_is_set = True
        elif self.address == _CTRL6:
            self.scale_is_set = True
        for line, control in zip(self.interrupts, (_CTRL4, _CTRL5), strict=True):
            line.set(self._is_running and bool(self.bytes[control] & 1))

    def _read_register(self) -> int:
        if self.address in (_STATUS, _STATUS_DUP):
            ready = int(self._is_running)
            return ready | (ready << 6 if self.address == _STATUS_DUP else 0)
        if _OUT_X_L <= self.address <= _OUT_Z_H:
            axis, high = divmod(self.address - _OUT_X_L, 2)
            return self._digits(self.sample[axis]) >> 8 * high & 0xFF
        return self.bytes[self.address]

    def _take_sample(self) -> None:
        if len(self.queue):
            x, y, z = self.queue[0].tolist()
            self.sample = (x, y, z)
            self.queue = self.queue[1:]

    def _digits(self, sample: int) -> int:
        """Left-justified in 16 bits, truncated, saturated."""
        if not self._is_running:
            return 0
        if not self.scale_is_set:
            raise DeviceFault(
                f"{self.name}: an output was read before CTRL6 was written.",
                remedy="Write CTRL6 (full scale) once after power-on: Renode ends with a division by zero there.",
                code="device-misused",
            )
        bits = 12 if self.bytes[_CTRL1] & 0xF == _LOW_POWER_12_BIT else 14
        micro_g_a_digit = _MICRO_G_A_DIGIT << (self.bytes[_CTRL6] >> 4 & 3) + (14 - bits)
        magnitude = abs(sample) * 1_000_000 // (RENODES_G * micro_g_a_digit)
        digits = max(-(1 << bits - 1), min((1 << bits - 1) - 1, -magnitude if sample < 0 else magnitude))
        return digits << 16 - bits & 0xFFFF

    def _advance(self) -> None:
        if self.bytes[_CTRL2] & _AUTO_INCREMENT and (_OUT_X_L <= self.address < _OUT_Z_H or self.address == _OUT_T_L):
            self.address += 1
