"""Parts of a chip that have no model, for firmware that is to go on all the same."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral


class Unmodelled(Peripheral):
    """Registers that read 0 and keep what is written. Each access is told as one that is missing."""

    def __init__(self, board: Board, size: int) -> None:
        super().__init__(board)
        self.size = size

    def reset(self) -> None:
        """Nothing has been written."""
        super().reset()
        self.values.clear()

    def _read_word(self, offset: int) -> int:
        self.missing(False)
        return self.values.get(offset, 0)

    def _write_word(self, offset: int, value: int) -> None:
        self.missing(True)
        self.values[offset] = value
