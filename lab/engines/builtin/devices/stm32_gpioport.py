"""Port of pins of the STM32."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Input, Peripheral, register, register_bank

_PINS = 16
_ALL = 0xFFFF


class STM32_GPIOPort(Peripheral):
    """GPIO. RM0385 rev 8, chapter 6.4. Input n drives pin n; output n is its level. Part n has pin n's functions.

    As in Renode: a pin has one level, which ODR, BSRR and whatever drives it from outside set and IDR shows, whatever
    its mode; of BSRR the resets come last. Unlike Renode: LCKR locks nothing, and alternate functions lead nowhere.
    """

    size = 0x400

    MODER = register(0x00)
    OTYPER = register(0x04, bits=16)
    OSPEEDR = register(0x08)
    PUPDR = register(0x0C)
    IDR = register(0x10, read="_levels", read_only=True, steady=True)
    ODR = register(0x14, read="_levels", write="_drive", steady=True)
    BSRR = register(0x18, write="_set_and_reset", write_only=True)
    LCKR = register(0x1C, bits=17)
    AFR = register_bank(0x20, count=2)
    BRR = register(0x28, write="_reset_pins", write_only=True)

    def __init__(
        self,
        board: Board,
        *,
        mode_reset_value: int = 0,
        output_speed_reset_value: int = 0,
        pull_up_pull_down_reset_value: int = 0,
        number_of_afs: int = 16,  # noqa: ARG002 - alternate functions lead nowhere
        inverted_af_pins: tuple[tuple[int, ...], ...] = (),  # noqa: ARG002
    ) -> None:
        super().__init__(board)
        self.first = (mode_reset_value, output_speed_reset_value, pull_up_pull_down_reset_value)
        self.pins = [self.line(str(number)) for number in range(_PINS)]

    def reset(self) -> None:
        """Back to the state after power-on: every pin low."""
        super().reset()
        self.MODER, self.OSPEEDR, self.PUPDR = self.first
        self.levels = 0

    def on_input(self, number: int, level: bool) -> None:
        """Pin `number` is driven from outside."""
        if number >= _PINS:
            super().on_input(number, level)
        self._drive(self.levels & ~(1 << number) | level << number)

    def part(self, number: int) -> Input:
        """The alternate functions of a pin, which it does not follow."""
        return _AlternateFunctions() if number < _PINS else super().part(number)

    def _levels(self) -> int:
        return self.levels

    def _drive(self, value: int) -> None:
        self.levels = value & _ALL
        for number, pin in enumerate(self.pins):
            pin.set(bool(value >> number & 1))

    def _set_and_reset(self, value: int) -> None:
        self._drive((self.levels | value & _ALL) & ~(value >> _PINS))

    def _reset_pins(self, value: int) -> None:
        self._drive(self.levels & ~value)


class _AlternateFunctions:
    """Where other devices lead their outputs."""

    def on_input(self, number: int, level: bool) -> None:
        """One of them is driven."""
