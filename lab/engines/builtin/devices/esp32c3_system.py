"""System registers of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.peripheral import Board, register_bank

_FROM_CPU = 4


class ESP32C3_SYSTEM(Block):
    """System registers. ESP32-C3 technical reference manual 1.1, chapter 16: clock gates, resets, power of memories.

    The four interrupts that software raises lead out. Everything else keeps what is written, and does nothing: clocks
    run at one speed, and no reset of a peripheral resets it.
    """

    RESETS: ClassVar[Mapping[int, int]] = {
        0x04: 0xC0, 0x08: 0x0C, 0x0C: 1, 0x10: 0xF9C1_E06F, 0x14: 0x200, 0x1C: 0x1FE, 0x20: 0xFF, 0x24: 0x0200_1001,
        0x38: 1, 0x3C: 1, 0x40: 5, 0x48: 0x7FF0_0000, 0x54: 1, 0x58: 40 << 12 | 1, 0x5C: 3, 0x60: 3, 0x64: 3, 0x68: 3,
        0xFFC: 0x0200_7150,
    }  # fmt: skip

    CPU_INTR_FROM_CPU = register_bank(0x28, count=_FROM_CPU, bits=1, write="_interrupt")

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.from_cpu = [self.line(f"FROM_CPU{number}") for number in range(_FROM_CPU)]

    def _interrupt(self, number: int, value: int) -> None:
        self.CPU_INTR_FROM_CPU[number] = value
        self.from_cpu[number].set(bool(value))
