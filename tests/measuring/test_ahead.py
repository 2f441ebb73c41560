"""Firmware of several boards is built side by side, and nothing of it outlives Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import pytest

from lab import target, workload
from lab.errors import BuildError
from lab.measuring import Request, build_ahead, making
from tests.test_processes import gone

BUILDING = """
import sys
from lab import target, workload
from lab import processes
from lab.measuring import Request, build_ahead, making

def make(request, on_stage):
    on_stage(f"building for {request.target.name}")
    processes.run(["sh", "-c", f"echo $$ > {sys.argv[1]}/{request.target.name}; exec sleep 100"])
    print("went on", flush=True)

making.make = make
words = workload.load("keyword-spotting")
requests = [Request(words, target.load(name)) for name in ("nano33ble", "esp32c3")]
try:
    build_ahead(requests, lambda stage: print(stage, flush=True))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.fixture
def requests() -> list[Request]:
    words = workload.load("keyword-spotting")
    return [Request(words, target.load(name)) for name in words.targets]


def test_all_are_built_at_the_same_time(requests, monkeypatch):
    together = threading.Barrier(len(requests), timeout=30)
    monkeypatch.setattr(making, "make", lambda *_: together.wait())
    build_ahead(requests)
    assert not together.broken


def test_what_cannot_be_built_is_left_for_its_own_run(requests, monkeypatch):
    made = []

    def make(request: Request, _on_stage: object) -> None:
        if request.target.name == "esp32c3":
            raise BuildError("main.cc:3: expected ';'.")
        made.append(request.target.name)

    monkeypatch.setattr(making, "make", make)
    build_ahead(requests)
    assert sorted(made) == ["nano33ble", "stm32f746g"]


def test_ctrl_c_ends_every_compiler_and_starts_no_other(tmp_path):
    with subprocess.Popen([sys.executable, "-c", BUILDING, tmp_path], stdout=subprocess.PIPE, text=True) as process:
        while len(compilers := [file.read_text() for file in tmp_path.iterdir()]) < 2 or "" in compilers:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        try:
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, said.splitlines()[-1]) == (0, "interrupted")
    assert "went on" not in said
    assert all(gone(int(number)) for number in compilers)
