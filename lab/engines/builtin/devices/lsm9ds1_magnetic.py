"""The magnetometer of the LSM9DS1, which is a part of its own on the bus."""

from __future__ import annotations

from lab.engines.builtin.devices.i2c_device import I2CDevice

_WHO_AM_I, _IDENTITY = 0x0F, 0x3D
_CTRL_REG2 = 0x21
_FULL_SCALE = 0x60
_ADVANCES = 0x80
"""Of the register's address: whether it goes on by itself."""


class LSM9DS1_Magnetic(I2CDevice):
    """LSM9DS1, second address. Data sheet DocID025715 rev 3, chapters 6.1.1 and 8.

    As in Renode: it says who it is and keeps its full scale; STATUS never reports new data, and of what else is written
    nothing is kept. It feels nothing: its outputs read 0.
    """

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.full_scale = 0
        self.address = 0
        self.advances = False
        self.addressed = False

    def write_bytes(self, data: bytes) -> None:
        """The first byte of a transfer is the register's address, the others its value and the next ones'."""
        for byte in data:
            if not self.addressed:
                self.address, self.advances, self.addressed = byte & 0x7F, bool(byte & _ADVANCES), True
                continue
            if self.address == _CTRL_REG2:
                self.full_scale = byte & _FULL_SCALE
            self._advance()

    def read_byte(self) -> bytes:
        """The addressed register."""
        value = {_WHO_AM_I: _IDENTITY, _CTRL_REG2: self.full_scale}.get(self.address, 0)
        self._advance()
        return bytes([value])

    def stop_condition(self) -> None:
        """The next byte is an address."""
        self.addressed = False

    def _advance(self) -> None:
        if self.advances:
            self.address = (self.address + 1) % 0x80
