"""A machine that prints a script instead of running firmware, and the smallest ELF that a board can be made from."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.elf import Firmware, Segment, Symbol
from lab.engines.machine import Counters, Mark, Printed, Snapshot, Stop
from lab.signals.signal import Signal
from lab.target import Target

PARAMETERS_AT = 0x1000
NEVER = 0xFFFFFFFF


class ScriptedMachine:
    """Says `boot` lines at once and `heard` lines after each play; memory is a dictionary of bytes."""

    def __init__(
        self, boot: list[str], heard: list[str], marks: list[Mark] | None = None, sensor: str = "microphone"
    ) -> None:
        self._sensor = sensor
        self._waiting = list(boot)
        self._heard = heard
        self._lines: list[str] = []
        self._marks = marks or []
        self.memory = bytearray(0x2000)
        struct.pack_into("<11I", self.memory, PARAMETERS_AT, 0x5042414C, 2, 0, 16000, 50, 1, 178, 1000, 0, NEVER, 66560)
        self.played: list[NDArray[np.int16]] = []
        self.watched: list[tuple[str, int | None]] = []
        self.closed = False
        self._time_ns = 0

    def load(self, firmware: Firmware) -> None:
        pass

    def watch(self, symbol: str, address: int | None = None) -> None:
        self.watched.append((symbol, address))

    def play(self, signal: Signal, into: str) -> None:
        assert into == self._sensor
        self.played.append(signal.samples.squeeze(axis=1) if len(signal.axes) == 1 else signal.samples)
        self._waiting = list(self._heard)

    def run(self, *, until: Callable[[str], bool] | None = None, limit: float) -> Stop:
        ends_ns = self._time_ns + round(limit * 1e9)
        while self._waiting:
            line = self._waiting.pop(0)
            self._lines.append(line)
            self._time_ns += 1_000_000
            if until is not None and until(line):
                return Stop(line)
        self._time_ns = max(self._time_ns, ends_ns)
        return Stop(None)

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.memory[address : address + size])

    def write(self, address: int, data: bytes) -> None:
        self.memory[address : address + len(data)] = data

    def counters(self) -> Counters:
        return Counters(0, 0, self._time_ns)

    def lines(self) -> list[str]:
        return list(self._lines)

    def marks(self) -> list[Mark]:
        return self._marks

    def take(self) -> tuple[list[Printed], list[Mark]]:
        lines = [Printed(line, self._time_ns) for line in self._lines]
        self._lines = []
        if not self.played:
            return lines, []
        marks, self._marks = self._marks, []
        return lines, marks

    def trace(self) -> str:
        return "pc 0x00000000"

    def snapshot(self) -> Snapshot:
        return object()

    def restore(self, snapshot: Snapshot) -> None:
        self._lines.clear()

    def close(self) -> None:
        self.closed = True


class ScriptedEngine:
    """Hands out one scripted machine."""

    name = "scripted"
    cores_per_machine = 1

    def __init__(self, machine: ScriptedMachine) -> None:
        self._machine = machine

    def machine(self, target: Target, mips: int | None = None) -> ScriptedMachine:
        return self._machine

    def foreign(
        self, target: Target, mips: int | None, port: str | None, missed: Callable[[str], None]
    ) -> ScriptedMachine:
        return self._machine

    def cost_model(self, target: Target) -> None:
        return None

    def cycle_ratios(self, target: Target) -> None:
        pass

    def cycle_error(self, target: Target) -> None:
        return None


class BareFirmware(Firmware):
    """An image with nothing but a few symbols; the parameter block's, unless told otherwise."""

    def __init__(self, *symbols: Symbol, vectors: bytes = b"") -> None:
        self.path = Path("bare.elf")
        self.machine = "EM_ARM"
        self.segments = (Segment(0, vectors),) if vectors else ()
        self.symbols = (
            Symbol("lab_parameters", PARAMETERS_AT, 44, False),
            Symbol("crash", 0x200, 0x20, True),
            *symbols,
        )

    def line_at(self, address: int) -> str:
        return "crash.cc:7"
