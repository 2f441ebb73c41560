"""External interrupts of the STM32F4 and F7."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register
from lab.errors import ConfigurationError


class STM32F4_EXTI(Peripheral):
    """EXTI. RM0385 rev 8, chapter 11.9. Input n is line n; output n leads to the interrupt controller.

    As in Renode: an output stays high until its pending bit is cleared; SWIER raises the output without a pending bit.
    From `first_direct_line` on lines have no edge selection: their level passes on.
    """

    size = 0x400

    IMR = register(0x00)
    EMR = register(0x04)
    RTSR = register(0x08)
    FTSR = register(0x0C)
    SWIER = register(0x10, write="_trigger")
    PR = register(0x14, write="_clear")

    def __init__(self, board: Board, *, number_of_output_lines: int = 14, first_direct_line: int = 23) -> None:
        super().__init__(board)
        self.first_direct_line = first_direct_line
        if not 0 < number_of_output_lines <= 32:
            raise ConfigurationError(
                f"{self.name}: numberOfOutputLines is {number_of_output_lines}, not 1 to 32.",
                remedy="Correct it in the platform description; the STM32F746 has 24.",
                code="platform-description",
            )
        self.outputs = [self.line(str(number)) for number in range(number_of_output_lines)]

    def on_input(self, number: int, level: bool) -> None:
        """Line `number` is driven."""
        if number >= len(self.outputs):
            super().on_input(number, level)
        if number >= self.first_direct_line:
            self._raise(number, level)
        elif self.IMR >> number & 1 and (self.RTSR if level else self.FTSR) >> number & 1:
            self._raise(number, True)

    def _raise(self, number: int, level: bool) -> None:
        self.PR = self.PR & ~(1 << number) | level << number
        self.outputs[number].set(level)

    def _trigger(self, value: int) -> None:
        for number, output in enumerate(self.outputs):
            if (value & self.IMR) >> number & 1:
                output.set(True)

    def _clear(self, value: int) -> None:
        self.PR &= ~value
        for number, output in enumerate(self.outputs):
            if value >> number & 1:
                output.set(False)
