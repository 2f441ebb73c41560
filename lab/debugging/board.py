"""A board under GDB, from its first instruction on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from lab import pattern
from lab.debugging.gdb import Gdb
from lab.engines import selection
from lab.engines.debuggable import Abandoned
from lab.engines.machine import Engine, Machine
from lab.errors import DeviceFault
from lab.image import Image
from lab.measuring import making, sensing
from lab.measuring.device import Device
from lab.measuring.foreign.board import load
from lab.measuring.parameters import Parameters
from lab.measuring.request import Request
from lab.store import OnStage

_PART_S = 1.0


@dataclass(frozen=True)
class Debugged:
    """What is debugged: `request` in the mode of a stream, and its firmware."""

    request: Request
    firmware: Image

    @classmethod
    def of(cls, request: Request, on_stage: OnStage) -> Debugged:
        """Build it, unless it was brought. Raises UsageError and InfrastructureError for what cannot be built."""
        sensing.check(request)
        if request.brought is not None:
            return cls(request, request.brought.image())
        return cls(request, making.make(request, on_stage).build.firmware)

    def run(self, gdb: Gdb) -> NoReturn:
        """Run it until GDB or a person ends it. Raises Killed, KeyboardInterrupt, and as `lab run` does."""
        engine = selection.select(self.request.engine, self.request.renode)
        while True:
            try:
                self._run_once(engine, gdb)
            except Abandoned:
                continue

    def _run_once(self, engine: Engine, gdb: Gdb) -> NoReturn:
        if self.request.brought is None:
            self._run_own(engine, gdb)
        output = self.request.brought.adapter.output
        self._run_brought(engine, gdb, output.fault, output.port)

    def _run_own(self, engine: Engine, gdb: Gdb) -> NoReturn:
        workload = self.request.workload

        def prepare(machine: Machine) -> None:
            Parameters("stream", workload.input.frames).put(machine, self.firmware)
            gdb.attach(machine.debug(gdb))

        remedy = f"Raise arena_bytes in {workload.file}."
        with Device(engine, self.request.target, self.firmware, prepare, remedy) as device:
            while True:
                device.run_for(_PART_S)

    def _run_brought(self, engine: Engine, gdb: Gdb, fault: str | None, port: str | None) -> NoReturn:
        machine = engine.foreign(self.request.target, None, port, lambda _register: None)
        says_fault: Callable[[str], bool] | None = partial(pattern.found, fault) if fault is not None else None
        try:
            load(machine, self.firmware, self.request.target)
            gdb.attach(machine.debug(gdb))
            while True:
                stop = machine.run(until=says_fault, limit=_PART_S)
                if stop.line is not None:
                    raise DeviceFault(
                        f"{self.firmware.path.name} said that it failed: {stop.line}",
                        remedy="The words are the firmware's; what it printed before is above.",
                        details=machine.trace(),
                        code="said-fault",
                    )
        finally:
            machine.close()
