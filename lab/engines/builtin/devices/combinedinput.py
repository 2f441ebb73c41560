"""Several lines that lead to one input."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral
from lab.errors import ConfigurationError

_MOST = 256


class CombinedInput(Peripheral):
    """Renode's Miscellaneous.CombinedInput: its output is high while any input is."""

    def __init__(self, board: Board, *, number_of_inputs: int) -> None:
        super().__init__(board)
        if not 0 < number_of_inputs <= _MOST:
            raise ConfigurationError(
                f"{self.name}: numberOfInputs is {number_of_inputs}, not 1 to {_MOST}.",
                remedy="Correct it in the platform description.",
                code="platform-description",
            )
        self.number_of_inputs = number_of_inputs

    def reset(self) -> None:
        """Every input low."""
        super().reset()
        self.inputs = 0

    def on_input(self, number: int, level: bool) -> None:
        """Input `number` is driven."""
        if number >= self.number_of_inputs:
            super().on_input(number, level)
        self.inputs = self.inputs & ~(1 << number) | level << number
        self.irq.set(bool(self.inputs))
