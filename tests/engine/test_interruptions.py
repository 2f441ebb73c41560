"""Signals and exceptions while the core runs: nothing is swallowed, and no count is wrong afterwards."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lab.engines.builtin.shim import ReadCallback
from lab.errors import EngineError

from .test_faults import running

SECONDS = 0.05
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def finished(machine):
    return machine.counters(), machine.lines(), machine.read(0x2000_0000, 0x1000)


@contextmanager
def signals_raise(number: int) -> Iterator[None]:
    """SIGALRM and the signal raise KeyboardInterrupt."""
    before = {one: signal.signal(one, signal.default_int_handler) for one in (signal.SIGALRM, number)}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for one, handler in before.items():
            signal.signal(one, handler)


@pytest.fixture
def ignored(monkeypatch):
    """Exceptions that Python printed and dropped."""
    found = []
    monkeypatch.setattr(sys, "unraisablehook", found.append)
    return found


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_machine_that_is_interrupted_on_and_on_counts_as_one_that_is_not(tmp_path, ignored, number):
    with running("poke", tmp_path) as machine:
        machine.run(limit=SECONDS)
        expected = finished(machine)
    draw = random.Random(number)  # noqa: S311 - moments, no secrets
    interrupted = 0
    with running("poke", tmp_path) as machine, signals_raise(number):
        while (left := SECONDS - machine.counters().time_ns / 1e9) > 0:
            try:
                signal.setitimer(signal.ITIMER_REAL, draw.uniform(0.0002, 0.01))
                machine.run(limit=left)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except KeyboardInterrupt:
                interrupted += 1
        assert finished(machine) == expected
    assert interrupted > 20
    assert ignored == []


def test_every_signal_that_came_meanwhile_is_handled(tmp_path):
    handled = []
    before = {one: signal.signal(one, lambda number, _: handled.append(number)) for one in SIGNALS}
    try:
        with running("poll", tmp_path) as machine:
            machine.run(until=lambda _: [signal.raise_signal(one) for one in SIGNALS] == [], limit=0.001)
            assert machine.counters().time_ns == 1_000_000  # handlers that do not raise end no run
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    assert handled == list(SIGNALS)


@pytest.mark.produces("board-stopped")
def test_after_an_exception_in_a_device_the_machine_does_not_go_on(tmp_path, monkeypatch):
    with running("poll", tmp_path) as machine:
        machine.run(limit=0.001)
        kept = machine.snapshot()
        monkeypatch.setattr(machine._devices["pdm"], "read", lambda _offset, _size: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            machine.run(limit=1)
        monkeypatch.undo()
        stands = finished(machine)
        for act in (lambda: machine.run(limit=1), lambda: machine.restore(kept), machine.snapshot):
            with pytest.raises(EngineError, match="cannot go on"):
                act()
        assert finished(machine) == stands


def test_a_callback_that_python_drops_ends_the_run(tmp_path, ignored):
    with running("poll", tmp_path) as machine:
        machine.run(limit=0.001)
        machine._processor.core.read = ReadCallback(lambda _address, _size: 1 // 0)
        before = machine.counters().instructions
        with pytest.raises(EngineError, match="callback"):
            machine.run(limit=1)
        assert machine.counters().instructions < before + 100
    assert [one.exc_type for one in ignored] == [ZeroDivisionError]


def test_marks_that_find_no_memory_end_the_run(tmp_path):
    """In a process of its own: what other tests have freed in this one would be room."""
    program = f"""
import resource
from pathlib import Path
from lab.errors import EngineError
from tests.engine.test_faults import running
machine = running("mark_on_and_on", Path({str(tmp_path)!r}))
machine.watch("mark")
machine.run(limit=0.01)
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (8 << 20),) * 2)
try:
    machine.run(limit=10)
except EngineError as error:
    print(error.code, error.message)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    said = "out-of-memory The built-in engine has no memory left for the marks and calls of this run.\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


@pytest.mark.parametrize("mebibytes", [64, 200])
def test_a_core_that_finds_no_memory_is_an_error_and_not_the_end_of_the_process(mebibytes):
    program = f"""
import resource
from pathlib import Path
from lab.engines.builtin.shim import library
from lab.errors import EngineError
from tests.engine.boards import nano33ble
library()
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + ({mebibytes} << 20),) * 2)
try:
    nano33ble()
except EngineError as error:
    print(error.code, error.message)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    said = "out-of-memory The built-in engine has no memory left for a Cortex-M4.\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
