"""The object `sysbus.cpu`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.errors import ConfigurationError
from lab.monitor.actions import action, printed

if TYPE_CHECKING:
    from lab.monitor.board import Board


class Core:
    """The object `sysbus.cpu`."""

    def __init__(self, board: Board) -> None:
        self._board = board

    @action("ExecutedInstructions")
    def executed_instructions(self) -> str:
        """Instructions since reset."""
        return printed(self._board.machine.counters().instructions, digits=16)

    @action("VectorTableOffset")
    def set_vector_table(self, address: int) -> None:
        """The built-in engine starts from the lowest address of the firmware."""
        lowest = min(segment.address for segment in self._board.firmware.segments)
        if address != lowest:
            raise ConfigurationError(
                f"The vector table cannot be at {address:#x}: the built-in engine takes the firmware's lowest address.",
                remedy=f"That is {lowest:#x} here.",
                code="monitor-command",
            )
