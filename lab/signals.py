"""Signals, handled where nothing is lost by them.

Python calls a signal's handler between any two steps of the main thread, and what the handler raises comes out there.
Where that is a callback from C, before its first line, Python prints the exception and drops it, and C goes on with an
answer that nobody gave.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from typing_extensions import Self


class Noted:
    """In this context a signal that has a Python handler is only noted, and `stop` called, which must not raise.

    `deliver` calls the handlers, at a place where they may raise; so does the end of the context. Outside the main
    thread, where Python calls no handler, it does nothing.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._handlers: dict[signal.Signals, Callable[[int, FrameType | None], Any]] = {}
        self._arrived: list[signal.Signals] = []
        self._noting = True

    def __enter__(self) -> Self:
        if threading.current_thread() is not threading.main_thread():
            return self
        for number in signal.valid_signals():
            handler = signal.getsignal(number)
            if callable(handler):
                self._handlers[number] = handler
        try:
            for number in self._handlers:
                signal.signal(number, self._note)
        except BaseException:  # from a handler that is still in its place
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._noting = False
        try:
            for number, handler in self._handlers.items():
                signal.signal(number, handler)
        finally:
            self.deliver()

    def deliver(self) -> None:
        """Call the handler of every signal that has arrived; raises what they raise."""
        if self._arrived:
            number = self._arrived.pop(0)
            try:
                self._handlers[number](number, None)
            finally:
                self.deliver()

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._noting:
            self._arrived.append(signal.Signals(number))
            self._stop()
        else:  # one handler that was put back has raised before this one was
            self._handlers[signal.Signals(number)](number, frame)
