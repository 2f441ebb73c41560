"""System configuration of the STM32: which port's pins lead to the external interrupts."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Input, Peripheral, register, register_bank

_PINS = 16
_PINS_A_REGISTER = 4
_PORTS = 16
_READY = 1 << 8


class STM32_SYSCFG(Peripheral):
    """SYSCFG. RM0385 rev 8, chapter 7.2: pin n of the port that EXTICR chooses is output n. Part p is port p.

    Nothing is remapped; unlike in Renode, which has EXTICR alone, the other registers keep what is written, and the
    compensation cell is ready at once.
    """

    size = 0x400

    MEMRMP = register(0x00)
    PMC = register(0x04)
    EXTICR = register_bank(0x08, count=_PINS // _PINS_A_REGISTER, bits=16, write="_choose")
    CMPCR = register(0x20, read="_compensation")

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.pins = [self.line(str(number)) for number in range(_PINS)]
        self.ports = [0] * _PORTS
        self._fixed |= {"pins"}

    def part(self, number: int) -> Input:
        """The pins of a port."""
        return _Port(self, number) if number < _PORTS else super().part(number)

    def on_pin(self, port: int, pin: int, level: bool) -> None:
        """A pin of a port is driven."""
        self.ports[port] = self.ports[port] & ~(1 << pin) | level << pin
        self._lead(pin)

    def _choose(self, index: int, value: int) -> None:
        self.EXTICR[index] = value
        for pin in range(_PINS_A_REGISTER * index, _PINS_A_REGISTER * (index + 1)):
            self._lead(pin)

    def _lead(self, pin: int) -> None:
        port = self.EXTICR[pin // _PINS_A_REGISTER] >> 4 * (pin % _PINS_A_REGISTER) & 0xF
        self.pins[pin].set(bool(self.ports[port] >> pin & 1))

    def _compensation(self) -> int:
        return self.CMPCR & 1 | (_READY if self.CMPCR & 1 else 0)


class _Port:
    """Where a port's pins lead."""

    def __init__(self, multiplexer: STM32_SYSCFG, number: int) -> None:
        self.multiplexer = multiplexer
        self.number = number

    def on_input(self, number: int, level: bool) -> None:
        """A pin is driven."""
        self.multiplexer.on_pin(self.number, number, level)
