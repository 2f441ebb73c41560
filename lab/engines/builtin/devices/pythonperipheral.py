"""Registers by one of the scripts that come with Renode."""

from __future__ import annotations

from pathlib import PurePosixPath

from lab.engines.builtin.peripheral import Board, Peripheral
from lab.errors import ConfigurationError

_ONES = 0xFFFF_FFFF


class PythonPeripheral(Peripheral):
    """Renode's Python.PythonPeripheral with its script flipflop.py, which answers firmware that waits for a bit.

    Each access turns all bits over: the first read gives ones. Nothing that is written is kept. There is no other
    script here: nothing of a description is executed.
    """

    def __init__(self, board: Board, *, size: int, filename: str, initable: bool = False) -> None:  # noqa: ARG002
        super().__init__(board)
        script = PurePosixPath(filename).name
        if script != "flipflop.py":
            raise ConfigurationError(
                f"{self.name}: the built-in engine has no script {script!r}.",
                remedy="Of Renode's scripts it has flipflop.py.",
                code="platform-description",
            )
        self.size = size

    def reset(self) -> None:
        """The next access gives ones."""
        super().reset()
        self.turned = False

    def steady(self, offset: int) -> bool:  # noqa: ARG002
        """Every access changes what the next one gives."""
        return False

    def _read_word(self, offset: int) -> int:  # noqa: ARG002
        self.turned = not self.turned
        return _ONES if self.turned else 0

    def _write_word(self, offset: int, value: int) -> None:  # noqa: ARG002
        self.turned = not self.turned
