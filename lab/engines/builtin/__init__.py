"""The engine that needs nothing but pip packages and a C compiler: Unicorn, a compiled shim and device models."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import lab
from lab import places
from lab.engines.builtin import repl
from lab.engines.builtin.calibration import Calibration
from lab.engines.builtin.cost_model import CostModel
from lab.engines.builtin.cost_table import Table, WithMemories
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.builtin.memories import MemoryModel
from lab.engines.builtin.onlooker import Lenient, Onlooker
from lab.errors import ConfigurationError, named_in
from lab.target import Target


class BuiltinEngine:
    """Makes machines from the platform description that Renode reads too."""

    name = "builtin"
    version = lab.__version__
    cores_per_machine = 1

    def machine(
        self,
        target: Target,
        mips: int | None = None,
        onlooker: Onlooker | None = None,
        names: Path | None = None,
    ) -> BuiltinMachine:
        """A fresh board, its core as fast as the description says or as `mips` does.

        With an `onlooker` what the chip has and the board has no model of is there too, as `BuiltinMachine` says;
        `names` is an SVD file with the names of its registers.

        Raises ConfigurationError for a platform description the engine cannot follow.
        """
        calibration = self.calibration(target)
        return BuiltinMachine(
            repl.read(target.repl),
            cpu=target.platform.cpu,
            uart=target.platform.uart,
            sensors={name: sensor.device for name, sensor in target.sensors.items()},
            costs=self._costs(target),
            factor=calibration.factor if calibration else 1,
            mips=mips,
            onlooker=onlooker,
            names=names,
        )

    def foreign(
        self, target: Target, mips: int | None, port: str | None, missed: Callable[[str], None]
    ) -> BuiltinMachine:
        """A board for a firmware that others built: registers of the chip that have no model keep what is written.

        `missed` is told of each, and lines are those of the device of the name `port`, None for the board's UART.
        """
        machine = self.machine(target, mips, onlooker=Lenient(missed))
        if port is not None:
            try:
                machine.listen_to(f"sysbus.{port}")
            except ConfigurationError:
                machine.close()
                raise
        return machine

    def cost_model(self, target: Target) -> str:
        """The names in the target's table of instruction costs and in that of its memories, and if it is calibrated."""
        return f"{self._tables(target)} (calibrated)" if target.calibration else self._tables(target)

    def _tables(self, target: Target) -> str:
        memories = self.memory_model(target)
        return f"{self._costs(target).name} with {memories.name}" if memories else self._costs(target).name

    def calibration(self, target: Target) -> Calibration | None:
        """That of the target, None for a board that was held against no real one."""
        return (
            Calibration.load(target.folder / target.calibration, self._tables(target)) if target.calibration else None
        )

    def check_tables(self, target: Target) -> None:
        """Raises ConfigurationError or UsageError unless what the target names for its cycles can be read."""
        self._tables(target)
        self.calibration(target)

    def tables(self, target: Target) -> str:
        """The content of those tables."""
        memories = self.memory_model(target)
        return self._costs(target).table.model_dump_json() + (memories.model_dump_json() if memories else "")

    def memory_model(self, target: Target) -> MemoryModel | None:
        """That of the target, None for a board whose cycles leave memories out."""
        if target.memory_model is None:
            return None
        with named_in(f"{target.file}: memory_model"):
            return _memories(target.memory_model, places.project())

    def cycle_ratios(self, target: Target) -> tuple[float, float] | None:
        """How many cycles boards took for one of these, in the timings that they are judged by: those that calibrated
        them, or the published ones; None if these are too few to tell.
        """
        return self._judged(target).ratios

    def cycle_error(self, target: Target) -> str:
        """What the target's tables, or its calibration, say of their own error."""
        return self._judged(target).error

    def _judged(self, target: Target) -> Calibration | WithMemories | Table:
        costs = self._costs(target)
        return self.calibration(target) or costs.beside or costs.table

    def _costs(self, target: Target) -> CostModel:
        with named_in(f"{target.file}: cost_model"):
            return _costs(target.cost_model, target.memory_model is not None, places.project())


@cache
def _memories(name: str, _project: Path) -> MemoryModel:
    return MemoryModel.load(name)


@cache
def _costs(name: str, with_memories: bool, _project: Path) -> CostModel:
    """One for all boards of this process: what it has decoded once it knows."""
    return CostModel.load(name, with_memories=with_memories)
