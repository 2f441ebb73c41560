"""What goes on in a worker process: it has one board, that of the run whose items it hears."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from typing import Any, NoReturn

from lab import interrupts, processes
from lab.executing._work import Listener

_of_run = ""
_listener: Listener[Any, Any] | None = None


def hear(run: str, setup: bytes, item: object) -> object:
    """What came of an item of a run on a board of the pickled set-up, which is made anew for each run.

    It goes by the run rather than by the set-up: of two that are alike the firmware's file may be another.
    """
    global _of_run, _listener  # noqa: PLW0603  (one board a process)
    if run != _of_run:
        done, _listener, _of_run = _listener, None, ""
        if done is not None:
            done.close()
        _listener = pickle.loads(setup).listener()  # noqa: S301  (made by the process that started this one)
        _of_run = run
    assert _listener is not None  # noqa: S101  (a run has one)
    return _listener.hear(item)


def obey_parent() -> None:
    """Leave Ctrl-C to the parent, and end when the parent is gone, however it went."""
    interrupts.left_to_parent(_end)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _end()


def _end() -> NoReturn:
    """Leave without a word to anybody, and without an emulator that goes on."""
    processes.end_all()
    os._exit(1)
