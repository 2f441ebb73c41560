"""CRC unit of the EFM32 and EFR32 of series 1."""

from __future__ import annotations

import zlib

from lab.engines.builtin.peripheral import Peripheral, register

_EN, _INIT = 1 << 0, 1 << 0
_ONES = 0xFFFF_FFFF


class EFR32_GPCRC(Peripheral):
    """GPCRC. EFM32PG1 reference manual, chapter GPCRC: the fixed polynomial of CRC-32, as in Renode.

    DATA is the sum as it stands; firmware inverts it.
    """

    size = 0x400

    CTRL = register(0x00)
    CMD = register(0x04, write="_command", write_only=True)
    INIT = register(0x08)
    POLY = register(0x0C, bits=16)
    INPUTDATA = register(0x10, write="_take_word", write_only=True)
    INPUTDATAHWORD = register(0x14, write="_take_half", write_only=True)
    INPUTDATABYTE = register(0x18, write="_take_byte", write_only=True)
    DATA = register(0x1C, read_only=True)
    DATAREV = register(0x20, read="_reversed", read_only=True)
    DATABYTEREV = register(0x24, read="_bytes_reversed", read_only=True)

    def _command(self, value: int) -> None:
        if value & _INIT and self.CTRL & _EN:
            self.DATA = self.INIT

    def _take(self, value: int, size: int) -> None:
        self.DATA = zlib.crc32((value & ((1 << 8 * size) - 1)).to_bytes(size, "little"), self.DATA ^ _ONES) ^ _ONES

    def _take_word(self, value: int) -> None:
        self._take(value, 4)

    def _take_half(self, value: int) -> None:
        self._take(value, 2)

    def _take_byte(self, value: int) -> None:
        self._take(value, 1)

    def _reversed(self) -> int:
        return int(f"{self.DATA:032b}"[::-1], 2)

    def _bytes_reversed(self) -> int:
        return int.from_bytes(self.DATA.to_bytes(4, "little"), "big")
