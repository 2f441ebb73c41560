"""A pseudo terminal as the serial port of an emulated board: `lab record`, or any terminal program, opens its name."""

from __future__ import annotations

import os
import select
import time
import tty
from contextlib import suppress
from math import inf

from typing_extensions import Self

from lab.store import OnStage, silently

_LOOKS_MS = 100
_MOST_BYTES = 4_096
_SLOW_MS = 5_000
"""After so long without reading anything, whoever has opened it misses what is printed."""


class Terminal:
    """The board's end of it; `name` is what others open. `on_stage` is told when the board waits there.

    At the end of a trace it is waited for so many seconds of the host's until somebody opens it, None for without end.
    Use it as a context manager.
    """

    def __init__(self, on_stage: OnStage = silently, wait_s: float | None = None) -> None:
        self._on_stage = on_stage
        self._wait_s = wait_s
        self._board, others = os.openpty()
        self.name = os.ttyname(others)
        os.close(others)
        os.set_blocking(self._board, False)
        self._poll = select.poll()
        self._poll.register(self._board, select.POLLIN)
        self._was_open = self._has_waited = self._is_unread = False
        self._until = inf

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._board)

    def read(self) -> bytes:
        """What was sent to the board meanwhile."""
        return self._read() if self._state(0) & select.POLLIN else b""

    def wait(self) -> bytes:
        """What is sent to the board next; nothing once somebody has opened it and hung up, or nobody has in time."""
        if not self._has_waited:
            self._has_waited, self._was_open = True, False
            limit = "" if self._wait_s is None else f", for {self._wait_s:g} s"
            self._on_stage(
                f"the trace is over, and the board waits on {self.name} until that is opened and closed{limit}"
            )
            self._until = time.monotonic() + (inf if self._wait_s is None else self._wait_s)
        while True:
            state = self._state(_LOOKS_MS)
            if state & select.POLLIN and (data := self._read()):
                return data
            if state & select.POLLHUP:
                if self._was_open:
                    return b""
                if time.monotonic() >= self._until:
                    self._on_stage(f"nobody has opened {self.name} within {self._wait_s:g} s")
                    return b""
                select.select([], [], [], _LOOKS_MS / 1000)

    def write(self, text: str) -> None:
        """Print it to whoever has opened it; nobody hears it otherwise."""
        left = text.encode("utf-8", "surrogateescape")
        while left and not self._state(0) & select.POLLHUP:
            try:
                left = left[os.write(self._board, left) :]
            except BlockingIOError:
                waiting = select.poll()
                waiting.register(self._board, select.POLLOUT)
                # Once is enough to find out that nobody reads.
                self._is_unread = not waiting.poll(0 if self._is_unread else _SLOW_MS)
                if self._is_unread:
                    return

    def _state(self, wait_ms: int) -> int:
        """Whether there is something to read, and whether nobody has opened it."""
        found = self._poll.poll(wait_ms)
        state = found[0][1] if found else 0
        if not state & select.POLLHUP and not self._was_open:
            self._was_open = True
            tty.setraw(self._board)
        return state

    def _read(self) -> bytes:
        with suppress(OSError):  # hung up in between
            return os.read(self._board, _MOST_BYTES)
        return b""
