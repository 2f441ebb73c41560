"""Machines on a stand-in for Renode, and the image that they take."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from lab import target
from lab.elf import Firmware, Segment, Symbol
from lab.engines.renode.engine import RenodeEngine
from lab.engines.renode.installation import Installation
from lab.engines.renode.machine import RenodeMachine
from tests.renode import console_stand_in
from tests.renode.stand_in import program
from tests.signals import sound

SAMPLES = np.arange(1_600, dtype=np.int16)


class SmallFirmware(Firmware):
    """An image of a few bytes with two functions."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(b"an image")
        self.path = path
        self.segments = (Segment(0, b"an image"),)
        self.symbols = (Symbol("lab_mark", 0x100, 4, True), Symbol("astray", 0x200, 0x40, True))

    def line_at(self, address: int) -> str:
        return "astray.cc:17" if 0x200 <= address < 0x240 else ""


def engine(folder: Path, scenario: str) -> RenodeEngine:
    """One whose Renode behaves as the scenario says; `notes` in the folder tells when it was started."""
    words = [sys.executable, console_stand_in.__file__, scenario, str(folder / "notes")]
    path = program(folder / "renode", f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    return RenodeEngine(Installation(path, "1.17.0", "the test"))


@contextmanager
def booted(folder: Path, scenario: str) -> Iterator[RenodeMachine]:
    """A machine that stands at its boot line, with samples waiting."""
    with engine(folder, scenario).machine(target.load("nano33ble")) as machine:
        machine.load(SmallFirmware(folder / "small.elf"))
        machine.watch("lab_mark")
        machine.run(until=lambda line: "boot" in line, limit=1)
        kept = machine.snapshot()
        machine.restore(kept)
        machine.play(sound(SAMPLES), "microphone")
        yield machine
