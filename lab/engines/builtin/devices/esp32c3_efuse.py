"""Fuses of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.peripheral import register, register_bank

_MAC = 0x02_4C_41_42_C3_01  # locally administered
_REVISION = 3
_BLOCKS = ((0x2C, 6), (0x44, 6), *((0x5C + 0x20 * number, 8) for number in range(9)))
"""Where each block is read, and its words."""
_READ, _PROGRAM, _BLOCK = 1 << 0, 1 << 1, 2
_PROGRAM_CODE = 0x5A5A


class ESP32C3_EFUSE(Block):
    """eFuse controller. ESP32-C3 technical reference manual 1.1, chapter 4.

    A chip of revision 0.3 with a made-up address, and no other fuse blown: no key, no calibration, nothing disabled.
    A command is done at once. What is programmed can be read at once, without errors and without an effect on the chip,
    until the next reset; nothing is protected.
    """

    size = 0x400
    RESETS: ClassVar[Mapping[int, int]] = {0x44: _MAC & 0xFFFF_FFFF, 0x48: _MAC >> 32, 0x50: _REVISION << 18}

    PGM_DATA = register_bank(0x00, count=8)
    CONF = register(0x1CC, bits=16)
    STATUS = register(0x1D0, reset=1, read_only=True)
    CMD = register(0x1D4, write="_command")
    INT_RAW = register(0x1D8, read_only=True)
    INT_CLR = register(0x1E4, write="_clear")

    def _command(self, value: int) -> None:
        number = value >> _BLOCK & 0xF
        if value & _PROGRAM and self.CONF == _PROGRAM_CODE and number < len(_BLOCKS):
            first, words = _BLOCKS[number]
            for index in range(words):
                self.values[first + 4 * index] |= self.PGM_DATA[index]
        self.INT_RAW |= value & (_READ | _PROGRAM)

    def _clear(self, value: int) -> None:
        self.INT_RAW &= ~value
