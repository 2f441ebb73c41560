"""Pads of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Callable

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_PADS = 22
_PULL_UP = 1 << 8


class ESP32C3_IO_MUX(Peripheral):
    """IO MUX. ESP32-C3 technical reference manual 1.1, chapter 5: of a pad only its pull-up has an effect."""

    PIN_CTRL = register(0x00, reset=0x7FF)
    GPIO = register_bank(0x04, count=_PADS, reset=0xB00, write="_configure")
    DATE = register(0xFC, reset=0x0200_6050)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._fixed |= {"changed"}
        self.changed: Callable[[], None] = lambda: None

    def pulled_up(self, number: int) -> bool:
        """Whether that pad has its pull-up on."""
        return bool(self.values.get(4 + 4 * number, 0) & _PULL_UP)

    def _configure(self, number: int, value: int) -> None:
        self.GPIO[number] = value
        self.changed()
