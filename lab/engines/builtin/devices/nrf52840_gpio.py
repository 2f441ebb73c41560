"""A port of 32 pins."""

from __future__ import annotations

from collections.abc import Callable

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_PINS = 32
_OUTPUT = 1
_PULL = 2
_PULL_UP = 3
_SENSE = 16
_SENSE_HIGH, _SENSE_LOW = 2, 3


class NRF52840_GPIO(Peripheral):
    """GPIO P0 or P1, from its offset 0x500 on. nRF52840 product specification 1.7, chapter 6.9.

    As in Renode an output reads back as it is driven, and an input that nothing drives is as it is pulled, low without
    a pull, whether or not its buffer is connected. As on silicon OUT keeps what was written while a pin is an input,
    where Renode shows the pin's level, and what the chip drives is sensed. Output n leads to what
    `n -> device@input` names.
    """

    OUT = register(0x004, write="set_outputs")
    OUTSET = register(0x008, read="_outputs", steady=True, write="raise_outputs")
    OUTCLR = register(0x00C, read="_outputs", steady=True, write="lower_outputs")
    IN = register(0x010, read="levels", read_only=True, steady=True)
    DIR = register(0x014, write="set_directions")
    DIRSET = register(0x018, read="_directions", steady=True, write="make_outputs")
    DIRCLR = register(0x01C, read="_directions", steady=True, write="make_inputs")
    LATCH = register(0x020, write="clear_latch")
    DETECTMODE = register(0x024, bits=1)
    PIN_CNF = register_bank(0x200, count=_PINS, reset=2, write="configure")

    size = 0x300

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.pins = [self.line(str(number)) for number in range(_PINS)]
        self.watchers: list[Callable[[int, int], None]] = []
        self.detectors: list[Callable[[], None]] = []
        self._fixed |= {"pins", "watchers", "detectors"}

    def reset(self) -> None:
        """Back to the state after power-on: inputs all; what drives a pin from outside goes on to do so."""
        super().reset()
        self.driven: dict[int, bool] = {}
        self.inputs = 0  # how each pin would read as an input
        self.seen = 0
        self.sensing: dict[int, int] = {}
        self.detected = False

    def on_input(self, number: int, level: bool) -> None:
        """Something outside drives pin `number`."""
        self.driven[number] = level
        self._look(number)
        self._changed()

    def levels(self) -> int:
        """IN: the level of each pin."""
        return self.OUT & self.DIR | self.inputs & ~self.DIR

    def drive(self, pin: int, level: bool) -> None:
        """OUT's bit of one pin, by GPIOTE."""
        self.set_outputs(self.OUT | 1 << pin if level else self.OUT & ~(1 << pin))

    def set_outputs(self, value: int) -> None:
        """OUT."""
        self.OUT = value
        self._changed()

    def raise_outputs(self, value: int) -> None:
        """OUTSET."""
        self.set_outputs(self.OUT | value)

    def lower_outputs(self, value: int) -> None:
        """OUTCLR."""
        self.set_outputs(self.OUT & ~value)

    def set_directions(self, value: int) -> None:
        """DIR, which is also the lowest bit of each PIN_CNF."""
        turned, self.DIR = self.DIR ^ value, value
        for pin in range(_PINS):
            if turned >> pin & 1:
                self.PIN_CNF[pin] ^= _OUTPUT
        self._changed()

    def make_outputs(self, value: int) -> None:
        """DIRSET."""
        self.set_directions(self.DIR | value)

    def make_inputs(self, value: int) -> None:
        """DIRCLR."""
        self.set_directions(self.DIR & ~value)

    def configure(self, pin: int, value: int) -> None:
        """PIN_CNF[n]."""
        self.PIN_CNF[pin] = value
        self.DIR = self.DIR & ~(1 << pin) | (value & _OUTPUT) << pin
        sense = value >> _SENSE & 3
        if sense in (_SENSE_HIGH, _SENSE_LOW):
            self.sensing[pin] = int(sense == _SENSE_HIGH)
        else:
            self.sensing.pop(pin, None)
        self._look(pin)
        self._changed()

    def clear_latch(self, value: int) -> None:
        """LATCH: written bits go, those still sensed come again."""
        self.LATCH &= ~value
        self._sense()

    def _look(self, pin: int) -> None:
        level = self.driven.get(pin, self.PIN_CNF[pin] >> _PULL & 3 == _PULL_UP)
        self.inputs = self.inputs & ~(1 << pin) | level << pin

    def _changed(self) -> None:
        levels = self.levels()
        changed, self.seen = self.seen ^ levels, levels
        while changed:
            pin = changed.bit_length() - 1
            changed ^= 1 << pin
            self.pins[pin].set(bool(self.DIR & levels & 1 << pin))
            for watcher in self.watchers:
                watcher(pin, levels >> pin & 1)
        self._sense()

    def _sense(self) -> None:
        sensed = [pin for pin, level in self.sensing.items() if self.seen >> pin & 1 == level]
        for pin in sensed:
            self.LATCH |= 1 << pin
        before, self.detected = self.detected, bool(sensed)
        if self.detected and not before:
            for detector in self.detectors:
                detector()

    def _outputs(self) -> int:
        return self.OUT

    def _directions(self) -> int:
        return self.DIR
