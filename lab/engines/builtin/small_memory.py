"""A memory that has no whole page of Unicorn's: firmware reads and writes it as it does registers."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral


class SmallMemory(Peripheral):
    """Bytes that are kept. Nothing is executed or loaded there, and a device transfers one register's worth at most."""

    def __init__(self, board: Board, size: int) -> None:
        super().__init__(board)
        self.size = size

    def reset(self) -> None:
        """All bytes are 0."""
        super().reset()
        self._bytes = bytearray(self.size)

    def read(self, offset: int, size: int) -> int:
        """What was written; 0 beyond the end."""
        return int.from_bytes(self._bytes[offset : offset + size], "little") if offset >= 0 else 0

    def write(self, offset: int, size: int, value: int) -> None:
        """Keep as many bytes as there are."""
        for index, byte in enumerate(value.to_bytes(size, "little"), offset):
            if 0 <= index < self.size:
                self._bytes[index] = byte
