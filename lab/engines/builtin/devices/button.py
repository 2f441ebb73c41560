"""A button at a pin."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral


class Button(Peripheral):
    """Renode's Miscellaneous.Button: its output is high while it is pressed, with `invert` while it is not."""

    elsewhere = True

    def __init__(self, board: Board, *, invert: bool = False) -> None:
        super().__init__(board)
        self._inverted = invert

    def reset(self) -> None:
        """Not pressed."""
        super().reset()
        self.press(False)

    def press(self, on: bool) -> None:
        """Press it, or let it go."""
        self.pressed = on
        self.irq.set(on is not self._inverted)
