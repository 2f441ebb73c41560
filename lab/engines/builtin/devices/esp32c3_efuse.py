"""Fuses of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.peripheral import register

_MAC = 0x02_4C_41_42_C3_01  # locally administered
_REVISION = 3


class ESP32C3_EFUSE(Block):
    """eFuse controller. ESP32-C3 technical reference manual 1.1, chapter 4.

    A chip of revision 0.3 with a made-up address, and no other fuse blown: no key, no calibration, nothing disabled.
    A command is done at once; programming changes nothing.
    """

    size = 0x400
    RESETS: ClassVar[Mapping[int, int]] = {0x44: _MAC & 0xFFFF_FFFF, 0x48: _MAC >> 32, 0x50: _REVISION << 18}

    STATUS = register(0x1D0, reset=1, read_only=True)
    CMD = register(0x1D4, write="_command")
    INT_RAW = register(0x1D8, read_only=True)
    INT_CLR = register(0x1E4, write="_clear")

    def _command(self, value: int) -> None:
        self.INT_RAW |= value & 3

    def _clear(self, value: int) -> None:
        self.INT_RAW &= ~value
