"""Spreading what is to be heard over processes; the outcomes come back in order, however many there are."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NoReturn, Protocol, TypeVar

from lab import interrupts, processes
from lab.engines.machine import Engine
from lab.engines.renode import process
from lab.errors import EngineError

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
Item_contra = TypeVar("Item_contra", contravariant=True)
Outcome_co = TypeVar("Outcome_co", covariant=True)


class Listener(Protocol[Item_contra, Outcome_co]):
    """A board that is set up and hears one thing after the other. Close it when done."""

    def hear(self, item: Item_contra, /) -> Outcome_co:
        """What came of it."""

    def close(self) -> None:
        """Free the board."""


class Setup(Protocol[Item_contra, Outcome_co]):
    """All that a worker process needs to have a listener of its own; it can be pickled."""

    def listener(self) -> Listener[Item_contra, Outcome_co]:
        """A listener with its board booted."""


_listener: Listener[Any, Any] | None = None


def suitable(engine: Engine) -> int:
    """How many worker processes keep this machine busy."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // engine.cores_per_machine)


def hear(setup: Setup[Item, Outcome], items: Sequence[Item], jobs: int) -> Iterator[Outcome]:
    """The outcome of every item, in order. No process is left when the iterator ends or is closed.

    Raises what the device's run raises, and EngineError if a worker process dies.
    """
    if jobs <= 1 or len(items) <= 1:
        yield from _here(setup, items)
        return
    processes.leave_none_behind()
    pool = ProcessPoolExecutor(
        min(jobs, len(items)), mp_context=multiprocessing.get_context("spawn"), initializer=_obey_parent
    )
    try:
        with interrupts.blocked():
            futures = [pool.submit(_in_worker, setup, item) for item in items]
        for future in futures:
            yield future.result()
    except BrokenProcessPool as error:
        raise EngineError(
            "A worker process died while it played recordings.",
            remedy="Was it killed, or out of memory? Try again with --jobs 1.",
            code="worker-died",
        ) from error
    finally:
        workers = multiprocessing.active_children()
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()
        pool.shutdown(wait=True)


def _here(setup: Setup[Item, Outcome], items: Sequence[Item]) -> Iterator[Outcome]:
    listener = setup.listener()
    try:
        for item in items:
            yield listener.hear(item)
    finally:
        listener.close()


def _in_worker(setup: Setup[Item, Outcome], item: Item) -> Outcome:
    global _listener  # noqa: PLW0603  (one board a process, set up by the first that it hears)
    if _listener is None:
        _listener = setup.listener()
    outcome: Outcome = _listener.hear(item)
    return outcome


def _obey_parent() -> None:
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
    process.end_all()
    os._exit(1)
