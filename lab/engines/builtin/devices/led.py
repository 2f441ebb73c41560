"""A light at a pin."""

from __future__ import annotations

from collections.abc import Callable

from lab.engines.builtin.peripheral import Board, Peripheral
from lab.errors import ConfigurationError


class LED(Peripheral):
    """Renode's Miscellaneous.LED: on while its input 0 is high, with `invert` while that is low.

    As there it takes no notice of a level that its pin had before anything changed it.
    """

    elsewhere = True

    def __init__(self, board: Board, *, invert: bool = False) -> None:
        super().__init__(board)
        self._inverted = invert
        self.on_change: Callable[[], None] = lambda: None
        self._fixed |= {"on_change", "_inverted"}

    def reset(self) -> None:
        """As if its pin were low."""
        super().reset()
        self.on = self._inverted

    def on_input(self, number: int, level: bool) -> None:
        """The pin is driven."""
        if number != 0:
            raise ConfigurationError(
                f"{self.name} has no input {number}.", remedy="Lead the pin to `led@0`.", code="platform-description"
            )
        before, self.on = self.on, level is not self._inverted
        if self.on is not before:
            self.on_change()
