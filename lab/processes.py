"""Programs that the lab starts, of which none is left behind.

`run` is for what is run to its end: compilers, build tools, cargo. Who needs a program beside the lab, such as Renode,
calls `leave_none_behind`, starts it with `subprocess.Popen` in a session of its own, so that Ctrl-C is the lab's, and
with what this process has in its environment, and ends it itself. What is left all the same, because the lab was
killed, is ended by `lab.guard`.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from lab import guard

_GRACE_S = 5.0
_ends: list[Callable[[], None]] = []
_LOOK_S = 0.1
_MARK = "LAB_PROCESS"
_guarding = threading.Lock()
_guard_ends: int | None = None  # the end of a pipe that closes with this process, and nothing else
_stop: ContextVar[threading.Event | None] = ContextVar("_stop", default=None)


class Ended(Exception):
    """A program was ended, or not started, because its thread is to stop."""


@contextmanager
def ended_by(stop: threading.Event) -> Iterator[None]:
    """In here, `run` of this thread ends its program once `stop` is set, starts no other, and raises Ended."""
    before = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(before)


def leave_none_behind() -> None:
    """Have all that this process starts from here on end with it, and what that starts, even where it is killed.

    All of it has a mark in its environment, by which the guard finds it. A worker's are found by its parent's mark.
    Does nothing on a system without Linux's /proc.
    """
    global _guard_ends
    with _guarding:
        if _guard_ends is not None or multiprocessing.parent_process() or not Path("/proc/self/environ").exists():
            return
        mark = uuid4().hex
        begins, _guard_ends = os.pipe()
        actions = [
            (os.POSIX_SPAWN_DUP2, begins, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        command = [sys.executable, "-I", "-S", guard.__file__, mark]
        os.posix_spawn(sys.executable, command, {}, file_actions=actions, setpgroup=0)
        os.close(begins)
        os.environ[_MARK] = os.environ.get(_MARK, "") + mark


def at_end(end: Callable[[], None]) -> Callable[[], None]:
    """Have programs of one kind ended when this process ends, in its own time or by `end_all`."""
    _ends.append(end)
    return atexit.register(end)


def end_all() -> None:
    """End what this process has started beside itself: for one that is about to leave at once."""
    for end in _ends:
        end()


@dataclass(frozen=True)
class Finished:
    """A program that ended: its exit status, and what it printed on both streams in the order printed."""

    status: int
    output: str


def run(
    command: Sequence[str | Path],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    limit_s: float | None = None,
) -> Finished:
    """Run a program to its end, with `environment` added to this process's own.

    Raises OSError if it cannot be started, subprocess.TimeoutExpired if it takes longer than `limit_s` seconds.

    The program leads a process group of its own: when this process is interrupted the whole group is ended, so
    that no compiler goes on in the background.
    """
    stop = _stop.get()
    if stop is not None and stop.is_set():
        raise Ended
    leave_none_behind()
    with subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            output = _output(process, limit_s, stop)
        except BaseException:
            _end(process)
            raise
    return Finished(process.returncode, output.decode("utf-8", "replace"))


def _output(process: subprocess.Popen[bytes], limit_s: float | None, stop: threading.Event | None) -> bytes:
    if stop is None:
        return process.communicate(timeout=limit_s)[0]
    give_up = None if limit_s is None else time.monotonic() + limit_s
    while not stop.is_set():
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=_LOOK_S)[0]
        if give_up is not None and time.monotonic() > give_up:
            raise subprocess.TimeoutExpired(process.args, limit_s or 0)
    raise Ended


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the group: ninja and cargo tidy up on SIGTERM, whatever remains is killed."""
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(_GRACE_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
