"""Pins of the EFM32."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_PORTS, _PINS, _STEP = 6, 16, 0x24


class EFMGPIOPort(Peripheral):
    """GPIO. EFM32GG reference manual, chapter 32.5. Input and output 16 p + n are pin n of port p.

    As in Renode a pin is as it is driven, whatever its mode, and there are no external interrupts. Unlike there, where
    nothing can be read, DOUT and DIN show the pins.
    """

    size = 0x140

    CTRL = register_bank(0x00, count=_PORTS, stride=_STEP)
    MODEL = register_bank(0x04, count=_PORTS, stride=_STEP)
    MODEH = register_bank(0x08, count=_PORTS, stride=_STEP)
    DOUT = register_bank(0x0C, count=_PORTS, stride=_STEP, bits=_PINS, write="_drive")
    DOUTSET = register_bank(0x10, count=_PORTS, stride=_STEP, bits=_PINS, write="_set", write_only=True)
    DOUTCLR = register_bank(0x14, count=_PORTS, stride=_STEP, bits=_PINS, write="_clear", write_only=True)
    DOUTTGL = register_bank(0x18, count=_PORTS, stride=_STEP, bits=_PINS, write="_toggle", write_only=True)
    DIN = register_bank(0x1C, count=_PORTS, stride=_STEP, bits=_PINS, read="_levels", read_only=True, steady=True)
    PINLOCKN = register_bank(0x20, count=_PORTS, stride=_STEP, reset=0xFFFF)
    EXTIPSEL = register_bank(0x100, count=2)
    EXTIEDGE = register_bank(0x108, count=2)
    IEN = register(0x110)
    IF = register(0x114, read_only=True)
    ROUTE = register(0x120, reset=3)
    INSENSE = register(0x124, reset=3)
    LOCK = register(0x128)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.pins = [self.line(str(number)) for number in range(_PORTS * _PINS)]
        self._fixed |= {"pins"}

    def reset(self) -> None:
        """Every pin low, but for what drives it from outside."""
        super().reset()
        self.driven = [0] * _PORTS

    def on_input(self, number: int, level: bool) -> None:
        """A pin is driven from outside."""
        if number >= len(self.pins):
            super().on_input(number, level)
        port, pin = divmod(number, _PINS)
        self.driven[port] = self.driven[port] & ~(1 << pin) | level << pin

    def _levels(self, port: int) -> int:
        return self.DOUT[port] | self.driven[port]

    def _drive(self, port: int, value: int) -> None:
        self.DOUT[port] = value
        for pin in range(_PINS):
            self.pins[_PINS * port + pin].set(bool(value >> pin & 1))

    def _set(self, port: int, value: int) -> None:
        self._drive(port, self.DOUT[port] | value)

    def _clear(self, port: int, value: int) -> None:
        self._drive(port, self.DOUT[port] & ~value)

    def _toggle(self, port: int, value: int) -> None:
        self._drive(port, self.DOUT[port] ^ value)
