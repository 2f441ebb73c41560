"""Processes of this machine, a board in each; the outcomes come back in order, however many there are."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, cast
from uuid import uuid4

from lab import interrupts
from lab import processes as programs
from lab.engines.machine import Engine
from lab.errors import EngineError
from lab.executing import _here, _worker
from lab.executing._work import Executor, Item, Outcome, Setup


def suitable(engine: Engine) -> int:
    """How many worker processes keep this machine busy."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // engine.cores_per_machine)


_PATIENCE_S = 2.0
"""A worker that waits for a lock which another took with it does not hear that it is to end: it is killed then."""


class _Processes:
    """At most `jobs` processes, each started when there is work for it, and kept until `close`."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def hear(self, setup: Setup[Item, Outcome], items: Sequence[Item]) -> Iterator[Outcome]:
        """As `Executor` has it; a single item, or a single job, is heard in this process."""
        if self.jobs <= 1 or len(items) <= 1:
            yield from _here.hear(setup, items)
            return
        is_through = False
        try:
            for future in self._submitted(setup, items):
                yield cast("Outcome", future.result())
            is_through = True
        except BrokenProcessPool as error:
            raise EngineError(
                "A worker process died while it played recordings.",
                remedy="Was it killed, or out of memory? Try again with --jobs 1.",
                code="worker-died",
            ) from error
        finally:
            if not is_through:  # what is left of it would go on
                self.close()

    def close(self) -> None:
        """End every process. The next that is to be heard starts others."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        workers = multiprocessing.active_children()
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join(_PATIENCE_S)
            if worker.is_alive():
                worker.kill()
        pool.shutdown(wait=True, cancel_futures=True)

    def _submitted(self, setup: object, items: Sequence[object]) -> list[Any]:
        if self._pool is None:
            programs.leave_none_behind()
            spawned = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=spawned, initializer=_worker.obey_parent)
        run, pickled = uuid4().hex, pickle.dumps(setup)
        with interrupts.blocked():
            return [self._pool.submit(_worker.hear, run, pickled, item) for item in items]


_keeping = False
_kept: _Processes | None = None


@contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """So many processes. None of them is left when this ends, unless they are kept."""
    global _kept  # noqa: PLW0603  (as below)
    if not _keeping:
        own = _Processes(jobs)
        try:
            yield own
        finally:
            own.close()
        return
    if _kept is None or _kept.jobs != jobs:
        if _kept is not None:
            _kept.close()
        _kept = _Processes(jobs)
    yield _kept


@contextmanager
def kept() -> Iterator[None]:
    """In here processes are kept from one run to the next: to start one takes as long as many recordings."""
    global _keeping, _kept  # noqa: PLW0603  (of this whole process, as its children are)
    _keeping = True
    try:
        yield
    finally:
        _keeping = False
        if _kept is not None:
            _kept.close()
        _kept = None
