"""What a real Renode did on a platform that is no target yet, and the same on the built-in engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lab import places
from lab.conformance import record
from lab.conformance.observation import Event, Observation, Region
from lab.conformance.record import Run
from lab.elf import Firmware
from lab.engines.builtin import repl
from lab.engines.builtin.machine import BuiltinMachine


@dataclass(frozen=True)
class Recorded:
    """The recordings in `firmware/probes/<platform>/`, and the platform that they were made on."""

    platform: str
    uart: str
    sensors: dict[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        return list(self._runs())

    def expected(self, name: str) -> Observation:
        return self._run(name).observation

    def machine(self) -> BuiltinMachine:
        file = places.project() / "renode_platforms" / self.platform / f"{self.platform}.repl"
        return BuiltinMachine(repl.read(file), cpu="sysbus.cpu", uart=self.uart, sensors=self.sensors)

    def prepared(self, machine: BuiltinMachine, name: str, folder: Path, *fed: tuple[str, np.ndarray] | None) -> Run:
        """The probe loaded, its handlers and marks watched, its sensors fed."""
        run = self._run(name)
        elf = folder / f"{name}.elf"
        elf.write_bytes(run.elf or b"")
        firmware = Firmware(elf)
        machine.load(firmware)
        for symbol in firmware.symbols:
            if symbol.is_function and (symbol.name == "mark" or symbol.name.endswith("_Handler")):
                machine.watch(symbol.name)
        for sensor, samples in filter(None, fed):
            machine.play(samples, sensor)
        return run

    def _run(self, name: str) -> Run:
        return self._runs()[name]

    def _runs(self) -> dict[str, Run]:
        files = (places.project() / "firmware" / "probes" / self.platform).glob("recorded-on-renode-*.json")
        return {run.name: run for file in sorted(files) for run in record.read(file).runs}


def observed(machine: BuiltinMachine, run: Run, *, pieces: int = 1) -> Observation:
    """All that the recording has too, after its virtual time."""
    for _ in range(pieces):
        machine.run(limit=run.seconds / pieces)
    counters = machine.counters()
    return Observation(
        events=tuple(_event(mark) for mark in machine.marks() if mark.symbol != "Reset_Handler"),
        uart=tuple(machine.lines()),
        instructions=counters.instructions,
        time_ns=counters.time_ns,
        memory=tuple(
            Region(address=region.address, data=machine.read(region.address, len(region.data)))
            for region in run.observation.memory
        ),
    )


def _event(mark) -> Event:
    what = f"mark:{mark.argument}" if mark.symbol == "mark" else mark.symbol
    return Event(what, mark.counters.instructions, mark.counters.time_ns)
