"""An application that only listens, on a board, and what its microphone's driver writes to registers meanwhile."""

from __future__ import annotations

import json
import struct
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from lab import building, target, workload
from lab.benching.application import Bench
from lab.engines.builtin import BuiltinEngine
from lab.model import Model
from lab.signals.signal import Signal

SOURCES = Path(__file__).parent / "microphone"


@dataclass(frozen=True)
class Write:
    """Firmware wrote to a register: of which device, at which offset, what, and when."""

    device: str
    offset: int
    value: int
    time_ns: int


@cache
def firmware(board):
    bench = Bench(Model.read(workload.load("keyword-spotting").model_path))
    application = replace(bench, name="microphone-test", folder=str(SOURCES), sensor="microphone")
    return building.image(application, target.load(board), bench.model, arena_bytes=1024).firmware


class Listening:
    """The board with the application; `writes` is what firmware wrote to the devices that are watched."""

    def __init__(self, board, machine):
        self.firmware = firmware(board)
        self.machine = machine
        self.writes = []

    def watch(self, *names):
        for name in names:
            device = self.machine._devices[name]

            def noted(offset, size, value, name=name, device=device, after=device.write):
                self.writes.append(Write(name, offset, value, device.now_ns))
                after(offset, size, value)

            device.write = noted

    def hear(self, samples, *, frames, deaf_after=0, deaf_rounds=0, marks=()):
        """From reset to the line after the first hearing, and the frames that were kept."""
        self.machine.load(self.firmware)
        for symbol in marks:
            self.machine.watch(symbol)
        where = self.firmware.symbol("test_wanted").address
        self.machine.write(where, struct.pack("<3I", frames, deaf_after, deaf_rounds))
        self.machine.play(Signal.of_sound(np.asarray(samples, np.int16), 16_000), "microphone")
        return self.go_on()

    def go_on(self):
        line = self.machine.run(until=lambda line: line.startswith("{"), limit=5).line
        said = json.loads(line)
        kept = self.machine.read(self.firmware.symbol("test_heard").address, 2 * said.get("frames", 0))
        return said, np.frombuffer(kept, np.int16)


@contextmanager
def listening_on(board):
    """That board with the application, on the built-in engine."""
    with BuiltinEngine().machine(target.load(board)) as machine:
        yield Listening(board, machine)


def first(writes, device, offset, bits=0):
    """When those bits were first set there, as a place in `writes`."""
    return next(
        place
        for place, write in enumerate(writes)
        if (write.device, write.offset) == (device, offset) and write.value & bits == bits
    )
