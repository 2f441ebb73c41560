"""The firmware that runs a model, with the smallest arena with which it starts, and boards that have it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from lab import building
from lab.benching.application import Bench
from lab.benching.board import BenchBoard
from lab.benching.stimulus import Arrays
from lab.building import Build
from lab.elf import Firmware
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.memories import MemoryModel, Waits
from lab.errors import FirmwareError
from lab.measuring import arena, waiting
from lab.measuring.arena import Need, Trial
from lab.model import Model
from lab.store import OnStage
from lab.target import Target


@dataclass(frozen=True)
class Choices:
    """What the firmware is built from, as `lab.building.image` takes it."""

    kernels: str
    kernels_root: Path | None = None
    tflm_root: Path | None = None


@dataclass(frozen=True)
class Image:
    """A firmware for a board."""

    engine: BuiltinEngine
    target: Target
    build: Build
    need: Need
    waits: Waits = field(default_factory=dict)

    def board(self, *, trace_operators: bool = False) -> BenchBoard:
        """A board that has come up with it. Raises as BenchBoard does."""
        board = BenchBoard(self.engine, self.target, self.build.firmware, trace_operators=trace_operators)
        waiting.charge(board.machine, self.waits)
        return board

    def watched(self, model: Model, given: Arrays) -> Image:
        """The same, with what its code waits for memories in an inference on this; as it is where that fails."""

        def watch(memories: MemoryModel) -> Waits:
            with self.board() as board:
                board.infer(model, given)  # one that never ends would take minutes if watched
                return waiting.watched(board.machine, memories, lambda: board.infer(model, given))

        inputs = b"".join(array.tobytes() for array in given)
        try:
            return replace(self, waits=waiting.kept(self.target, self.build.firmware, watch, inputs))
        except FirmwareError:
            return self


def made(model: Model, target: Target, choices: Choices, engine: BuiltinEngine, on_stage: OnStage) -> Image:
    """Raises what building raises, and ArenaTooSmall where the board's RAM has no room.

    Raises ConfigurationError before anything is built where the target's tables of cycles cannot be read.
    """
    engine.check_tables(target)

    def build(arena_bytes: int) -> Build:
        return building.image(
            Bench(model),
            target,
            model,
            arena_bytes,
            tflm_root=choices.tflm_root,
            kernels_name=choices.kernels,
            kernels_root=choices.kernels_root,
            on_stage=on_stage,
        )

    def boot(firmware: Firmware, arena_bytes: int | None) -> int:
        with BenchBoard(engine, target, firmware, arena_bytes=arena_bytes) as booted:
            return booted.boot.arena_used

    need = arena.need(Trial(target, model, build, boot))
    return Image(engine, target, build(need.smallest), need)
