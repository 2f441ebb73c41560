"""The CRC unit of the STM32F0, F3, F7 and others, whose polynomial is chosen."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register

_RESET, _REV_OUT = 1 << 0, 1 << 7
_SIZES = (32, 16, 8, 7)
_ONES = 0xFFFF_FFFF


def _reversed(value: int, bits: int) -> int:
    return int(f"{value:0{bits}b}"[::-1], 2)


class STM32_CRC(Peripheral):
    """CRC. RM0385 rev 8, chapter 12.4. As in Renode POL keeps what it is after reset, unless `configurable_poly`."""

    size = 0x400

    DR = register(0x00, reset=_ONES, read="_sum", write="_take", steady=True)
    IDR = register(0x04, bits=8)
    CR = register(0x08, bits=8, write="_configure")
    INIT = register(0x10, reset=_ONES, write="_begin_with")
    POL = register(0x14, reset=0x04C1_1DB7, write="_divide_by")

    def __init__(self, board: Board, *, series: str, configurable_poly: bool = False) -> None:
        super().__init__(board)
        self.series = series
        self.configurable_poly = configurable_poly

    def write(self, offset: int, size: int, value: int) -> None:
        """DR takes as many bits as are written."""
        if offset == 0:
            self._add(value, 8 * size)
        else:
            super().write(offset, size, value)

    def _sum(self) -> int:
        bits = self._bits()
        value = self.DR & ((1 << bits) - 1)
        return _reversed(value, bits) if self.CR & _REV_OUT else value

    def _take(self, value: int) -> None:
        self._add(value, 32)

    def _begin_with(self, value: int) -> None:
        self.INIT = self.DR = value

    def _divide_by(self, value: int) -> None:
        if self.configurable_poly:
            self.POL = value

    def _configure(self, value: int) -> None:
        self.CR = value & ~_RESET
        if value & _RESET:
            self.DR = self.INIT

    def _bits(self) -> int:
        return _SIZES[self.CR >> 3 & 3]

    def _add(self, value: int, count: int) -> None:
        bits = self._bits()
        top, mask = 1 << bits - 1, (1 << bits) - 1
        unit = min((0, 8, 16, 32)[self.CR >> 5 & 3], count)
        parts = [value >> at & ((1 << unit) - 1) for at in range(0, count, unit)] if unit else []
        if parts:
            value = sum(_reversed(part, unit) << at * unit for at, part in enumerate(parts))
        total = self.DR & mask
        for bit in reversed(range(count)):
            carries = bool(total & top) != bool(value >> bit & 1)
            total = (total << 1 & mask) ^ (self.POL & mask if carries else 0)
        self.DR = total
