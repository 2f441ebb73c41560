"""What a person types while a firmware runs."""

from __future__ import annotations

import os
import select
import termios
import tty
from types import TracebackType
from typing import TextIO

from typing_extensions import Self

_MOST = 1024


class Typed:
    """A terminal whose keys arrive one by one, without an echo: the firmware echoes. Use `with`, which sets it back."""

    def __init__(self, terminal: TextIO) -> None:
        self._number = terminal.fileno()

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._number)
        tty.setcbreak(self._number)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        termios.tcsetattr(self._number, termios.TCSADRAIN, self._before)

    def take(self) -> bytes:
        """What was typed since, Return as a carriage return; nothing if nothing was."""
        ready, _, _ = select.select([self._number], [], [], 0)
        return os.read(self._number, _MOST).replace(b"\n", b"\r") if ready else b""
