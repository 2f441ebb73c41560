"""Addresses of single bits."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral

_WORDS_A_BYTE = 8


class BitBanding(Peripheral):
    """Bit-banding. Armv7-M, B3.1; in Cortex-M3 and M4: each word here is a bit of what begins at `peripheral_base`.

    As in Renode a write reads the whole word there and writes it back, with an access of the size of its own.
    """

    def __init__(self, board: Board, *, peripheral_base: int) -> None:
        super().__init__(board)
        self.peripheral_base = peripheral_base

    def steady(self, offset: int) -> bool:  # noqa: ARG002
        """What is there may change by itself."""
        return False

    def read(self, offset: int, size: int) -> int:
        """0 or 1."""
        address, bit = self._place(offset, size)
        return int.from_bytes(self.bus.read(address, size), "little") >> bit & 1

    def write(self, offset: int, size: int, value: int) -> None:
        """The lowest bit alone counts."""
        address, bit = self._place(offset, size)
        there = int.from_bytes(self.bus.read(address, size), "little") & ~(1 << bit)
        self.bus.write(address, (there | (value & 1) << bit).to_bytes(size, "little"))

    def _place(self, offset: int, size: int) -> tuple[int, int]:
        """The address of what has the bit, of that size, and the bit in it."""
        byte, number = offset // (4 * _WORDS_A_BYTE), offset // 4
        return self.peripheral_base + (byte & -size), number % (8 * size)
