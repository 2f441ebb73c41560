"""The sensor chip of a camera, as far as firmware sees it over I2C."""

from __future__ import annotations

_BANK_SELECT = 0xFF
_SENSOR = 1
_COM7, _RESET = 0x12, 0x80
_IDENTITY = {0x0A: 0x26, 0x0B: 0x42, 0x1C: 0x7F, 0x1D: 0xA2}
"""Of the sensor's bank: PIDH, PIDL, MIDH, MIDL."""


class OV2640:
    """OV2640. Data sheet, version 1.6, tables 12 (bank of the DSP) and 13 (bank of the sensor).

    Registers keep what is written, and nothing follows from it: as in Renode, the pictures are made already. Unlike
    Renode's it has its identity, and the address that one transfer wrote holds for a read in the next, as on silicon.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Back to the state after power-on, which firmware asks for too."""
        self.banks = (bytearray(0x100), bytearray(0x100))
        for register, value in _IDENTITY.items():
            self.banks[_SENSOR][register] = value
        self.bank = 0
        self.address = 0
        self.addressed = False

    def write(self, byte: int) -> None:
        """The first byte of a transfer is the register's address, the others its value."""
        if not self.addressed:
            self.address, self.addressed = byte, True
        elif self.address == _BANK_SELECT:
            self.bank = byte & 1
        elif self.bank == _SENSOR and self.address == _COM7 and byte & _RESET:
            self.reset()
        elif self.bank != _SENSOR or self.address not in _IDENTITY:
            self.banks[self.bank][self.address] = byte

    def read(self) -> int:
        """The addressed register."""
        return self.bank if self.address == _BANK_SELECT else self.banks[self.bank][self.address]

    def stop(self) -> None:
        """The next byte that is written is an address."""
        self.addressed = False
