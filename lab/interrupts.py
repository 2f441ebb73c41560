"""Signals, handled where nothing is lost by them.

Python calls a signal's handler between any two steps of the main thread, and what the handler raises comes out there.
Where that is a callback from C, before its first line, Python prints the exception and drops it, and C goes on with an
answer that nobody gave. In a destructor, or while a module is being imported, the same happens.

So a process of `lab` ends at once as long as it has begun nothing (`end_process`), a command is told by
KeyboardInterrupt (`raised`), an emulated core at its own stops (`Noted`), and a process that is over not at all
(`ignore`). Workers leave signals to their parent (`blocked`, until they have settled that).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from typing_extensions import Self

INTERRUPTED = 130
"""The exit code of what was ended by Ctrl-C or SIGTERM."""

_ASKED_TO_END = (signal.SIGINT, signal.SIGTERM)
_NOTED = (*_ASKED_TO_END, *(getattr(signal, name) for name in ("SIGHUP", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGCHLD")))
"""Signals that anybody has a Python handler for, such as Robot Framework's timeouts. To look at all 64 takes as long as
many a run of a core."""
_SOON_S = 0.01
_ONE_REQUEST_S = 1.0
"""Signals so close are one request: timeout(1) and CI runners tell a process and then its group. A second
KeyboardInterrupt would end what the first one has begun to tidy up."""
_arrived: list[int] = []
_got_through = threading.Event()
_raised_until = [0.0]


def end_process() -> None:
    """From here on Ctrl-C and SIGTERM end this process with 130, where nothing is begun that has to be tidied up."""
    _handle(_end)


def ignore() -> None:
    """From here on Ctrl-C and SIGTERM change nothing: the work is done, and only Python's own leaving is left."""
    _handle(signal.SIG_IGN)
    # A KeyboardInterrupt out of the exec() of a text, as dataclasses use it, makes Python end the process by SIGINT
    # at its exit, whoever caught it in between; the next exec() forgets it.
    exec("")  # noqa: S102


@contextmanager
def raised() -> Iterator[None]:
    """In this context Ctrl-C and SIGTERM raise KeyboardInterrupt in the main thread.

    One that comes out where Python can only drop it, as in a destructor, is raised again a moment later. One that a
    library took for an error of its own, as pydantic does while it builds a model, is KeyboardInterrupt again at the
    end; who catches exceptions before that asks `have_arrived`.
    """
    before, hook = [signal.getsignal(number) for number in _ASKED_TO_END], sys.unraisablehook

    try:
        sys.unraisablehook = partial(_drop, hook)
        take_back()
        yield
    except Exception as error:
        from lab.errors import LabError  # noqa: PLC0415 - not needed when all goes well

        if _arrived and not isinstance(error, LabError):
            raise KeyboardInterrupt from error
        raise
    finally:
        sys.unraisablehook = hook
        _got_through.set()
        if _raise not in before:
            _arrived.clear()
            _raised_until[0] = 0.0
        for number, handler in zip(_ASKED_TO_END, before, strict=True):
            signal.signal(number, handler)


def take_back() -> None:
    """Within `raised`: put its handlers back in place of those that a library has set."""
    _handle(_raise)


def have_arrived() -> bool:
    """Whether Ctrl-C or SIGTERM has come since the outermost `raised` began, whatever became of the exception."""
    return bool(_arrived)


@contextmanager
def blocked() -> Iterator[None]:
    """In this context Ctrl-C waits, and in a process that is started meanwhile until it calls `left_to_parent`.

    Until then such a process has no handler but Python's own, which would print a traceback.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def left_to_parent(on_termination: Callable[[], NoReturn]) -> None:
    """From here on, in a worker, Ctrl-C is its parent's business, and the first SIGTERM calls `on_termination`."""

    def end(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        on_termination()

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def _handle(handler: Callable[[int, FrameType | None], Any] | signal.Handlers) -> None:
    for number in _ASKED_TO_END:
        signal.signal(number, handler)


def _drop(hook: Callable[[sys.UnraisableHookArgs], Any], unraisable: sys.UnraisableHookArgs) -> None:
    """For what Python drops: an interrupt comes again until it got through, anything else is for `hook`."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        _raised_until[0] = 0.0
        _got_through.clear()
        threading.Thread(target=_insist, daemon=True).start()
    else:
        hook(unraisable)


def _insist() -> None:
    while not _got_through.wait(_SOON_S):
        os.kill(os.getpid(), signal.SIGINT)


def _raise(number: int, frame: FrameType | None) -> None:
    _arrived.append(number)
    while frame is not None:
        if frame.f_code is _drop.__code__:  # it would be dropped, and comes again
            return
        frame = frame.f_back
    _got_through.set()
    now = time.monotonic()
    if now < _raised_until[0]:
        return
    _raised_until[0] = now + _ONE_REQUEST_S
    raise KeyboardInterrupt


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    with suppress(OSError):  # nobody reads it
        os.write(2, b"Interrupted.\n")
    os._exit(INTERRUPTED)


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
        for number in _NOTED:
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
