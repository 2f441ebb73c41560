"""Parts of a chip that have no model, for firmware that is to go on all the same."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Stubbed:
    """An entry in whose place a stub is: its full path, its type and why."""

    path: str
    type: str
    why: str

    def __str__(self) -> str:
        return f"{self.path} ({self.type}): {self.why}"


class Stub(Unmodelled):
    """In the place of a device that has no model: it drives nothing, and takes whatever is led or attached to it."""

    def on_input(self, number: int, level: bool) -> None:
        """It has every input."""

    def region(self, name: str) -> int:  # noqa: ARG002
        """It has the same registers everywhere."""
        return 0

    def attach(self, child: Peripheral, address: int | None) -> None:
        """It never goes to what is attached to it."""
