"""The application in accelerometer/ on a board, and boards whose accelerometer fails."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab import building, target, workload
from lab.benching.application import Bench
from lab.elf import Firmware
from lab.engines.machine import Engine, Machine
from lab.model import Model
from lab.signals.signal import Signal
from lab.target import Target

SOURCES = Path(__file__).parent / "accelerometer"
SENSOR = "accelerometer"
_WANTED = struct.Struct("<6I")
_FRAME_BYTES = 6
_LIMIT_S = 60.0


@dataclass(frozen=True)
class Wanted:
    """What the application asks of the sensor, how many frames it keeps, and when its core is busy for a while."""

    rate_hz: int = 20
    range_g: int = 4
    bits: int = 14
    frames: int = 100
    busy_after: int = 0
    busy_rounds: int = 0

    def put(self, machine: Machine, firmware: Firmware) -> None:
        """Into the image that was loaded."""
        numbers = (self.rate_hz, self.range_g, self.bits, self.frames, self.busy_after, self.busy_rounds)
        machine.write(firmware.symbol("test_wanted").address, _WANTED.pack(*numbers))


@dataclass(frozen=True)
class Capture:
    """The line that the application said at its end, and the frames that it kept, int16 [frames, 3]."""

    said: dict[str, Any]
    frames: NDArray[np.int16]


class Device:
    """A board with the application."""

    def __init__(self, machine: Machine, firmware: Firmware) -> None:
        self.machine = machine
        self._firmware = firmware

    def hear(self, wanted: Wanted, signal: Signal | None = None) -> Capture:
        """From reset to what it says at its end."""
        self.machine.load(self._firmware)
        wanted.put(self.machine, self._firmware)
        if signal is not None:
            self.machine.play(signal, SENSOR)
        line = self.machine.run(until=lambda line: line.startswith("{"), limit=_LIMIT_S).line
        assert line, f"silent for {_LIMIT_S} virtual seconds"
        said = json.loads(line)
        kept = self.machine.read(self._firmware.symbol("test_heard").address, said.get("frames", 0) * _FRAME_BYTES)
        return Capture(said, np.frombuffer(kept, np.int16).reshape(-1, 3))

    def wake_ups(self, seconds: float) -> int:
        """How often the core wakes in so many seconds, once the application is at its end."""
        self.machine.run(limit=0.05)  # from a line to a time at which both engines read memory
        before = self._wake_ups()
        self.machine.run(limit=seconds)
        return self._wake_ups() - before

    def _wake_ups(self) -> int:
        return int.from_bytes(self.machine.read(self._firmware.symbol("test_wake_ups").address, 4), "little")


@contextmanager
def device(engine: Engine, board: Target) -> Iterator[Device]:
    """The application on a board."""
    with engine.machine(board) as machine:
        yield Device(machine, firmware(board.name))


@cache
def firmware(board: str) -> Firmware:
    """The application for a board."""
    bench = Bench(Model.read(workload.load("keyword-spotting").model_path))
    application = replace(bench, name="accelerometer-test", folder=str(SOURCES), sensor=SENSOR)
    return building.image(application, target.load(board), bench.model, arena_bytes=1024).firmware


def with_part(board: Target, attributes: str, folder: Path) -> Target:
    """The board with a part that has those attributes in its platform description."""
    return _described(board, f"{_part(board)}:\n    {attributes}", folder)


def without_part(board: Target, folder: Path) -> Target:
    """The board with nothing where the part was."""
    sensors = {name: sensor for name, sensor in board.sensors.items() if name != SENSOR}
    return _described(board, f"{_part(board)}: @none", folder).model_copy(update={"sensors": sensors})


def _part(board: Target) -> str:
    return board.sensors[SENSOR].device.rpartition(".")[2]


def _described(board: Target, change: str, folder: Path) -> Target:
    file = folder / f"{board.name}.repl"
    file.write_text(f'using "{os.path.relpath(board.repl, folder)}"\n{change}\n')
    platform = board.platform.model_copy(update={"repl": os.path.relpath(file, board.folder)})
    return board.model_copy(update={"platform": platform})


def ramp(frames: int, rate_hz: float, range_g: int = 4) -> Signal:
    """A signal whose frame n says n, in 14 bits of a range."""
    numbers = np.arange(frames)
    samples = np.stack([numbers, -numbers, 8191 - 3 * numbers], axis=1).astype(np.int16)
    return Signal(samples, rate_hz, ("x", "y", "z"), "g", 2**13 // range_g)
