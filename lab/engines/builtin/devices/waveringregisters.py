"""Registers of which nothing is known, for a first look at what a firmware goes to."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral

_PATIENCE = 32
_WORD = 0xFFFF_FFFF


class WaveringRegisters(Peripheral):
    """The lab's own, not in Renode: a register reads as it was written, 0 at first. One that is polled wavers.

    Firmware that reads a register again and again waits for a bit of it: from the 32nd read in a row on all bits turn
    over with each, so that it goes on whatever it waits for.
    """

    def __init__(self, board: Board) -> None:
        super().__init__(board)

    def reset(self) -> None:
        """Nothing has been written."""
        super().reset()
        self.values.clear()
        self._polled, self._reads = -1, 0

    def steady(self, offset: int) -> bool:  # noqa: ARG002
        """Each read counts."""
        return False

    def _read_word(self, offset: int) -> int:
        self.missing(False)
        self._reads = self._reads + 1 if offset == self._polled else 0
        self._polled = offset
        value = self.values.get(offset, 0)
        return value ^ _WORD if self._reads > _PATIENCE and self._reads % 2 else value

    def _write_word(self, offset: int, value: int) -> None:
        self.missing(True)
        self._polled = -1
        self.values[offset] = value
