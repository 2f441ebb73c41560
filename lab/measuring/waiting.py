"""What a firmware waits for its board's memories: counted once on every access, and added wherever cycles are.

A run that looks at each access is several times slower. So one does, and what each block of code waited in it on
average is what the block costs in all others (docs/decisions/0040-memories-watched-once.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import platform, store
from lab.engines.builtin import BuiltinEngine, shim
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.builtin.memories import MemoryModel, Waits
from lab.engines.machine import Machine
from lab.errors import FirmwareError
from lab.image import Image
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.signals.input import Input
from lab.target import Target
from lab.workload import Workload

NOTHING: Waits = {}
_FILE = "waits.json"
_LOUDNESS = 1_000
HANGS_S = 1.0
"""How long firmware is watched behind a window that it never answers."""


def noise(played: Input) -> NDArray[np.int16]:
    """A recording of a window: whatever is played later, blocks cost the same."""
    shape = (played.frames, played.channels)
    return np.random.default_rng(0).integers(-_LOUDNESS, _LOUDNESS, shape, dtype=np.int16)


def of_application(workload: Workload, target: Target, image: Image) -> Waits:
    """Of firmware that the lab built; of one that fails at noise, up to there. Raises as Board does."""

    def board() -> Board:
        return Board(BuiltinEngine(), target, workload, image, Parameters("clip", workload.input.frames))

    def watch(model: MemoryModel) -> Waits:
        seconds = _seconds(board)
        with board() as watching:
            watching.restart(noise(workload.input))
            return watched(watching.machine, model, lambda: _run(watching, seconds))

    return kept(target, image, watch, workload.input.model_dump_json())


def _seconds(board: Callable[[], Board]) -> float:
    """How long a window of noise keeps it busy: watched, a firmware that hangs would be given up after minutes."""
    with board() as listening:
        played = listening.workload.input
        try:
            return listening.listen(noise(played)).time_ns / 1e9
        except FirmwareError:
            return played.window_s + HANGS_S


def _run(board: Board, seconds: float) -> None:
    with up_to_its_fault():
        board.run_for(seconds)


@contextmanager
def up_to_its_fault() -> Iterator[None]:
    """What firmware waited until it failed counts. That the host was too slow is no fault of its own."""
    try:
        yield
    except FirmwareError as error:
        if error.code == "device-busy":
            raise


def watched(machine: Machine, model: MemoryModel, act: Callable[[], object]) -> Waits:
    """What blocks wait on average while this is done."""
    assert isinstance(machine, BuiltinMachine)  # noqa: S101 - no other counts cycles
    machine.watch_memories(model)
    act()
    return machine.waits()


def charge(machine: Machine, waits: Waits) -> None:
    """Let blocks cost so much more, where cycles are counted."""
    if isinstance(machine, BuiltinMachine) and waits:
        machine.wait(waits)


def kept(target: Target, image: Image, watch: Callable[[MemoryModel], Waits], *parts: str | bytes) -> Waits:
    """What `watch` counts, or has counted of the same image, boards, tables and `parts`; nothing without a model."""
    model = BuiltinEngine().memory_model(target)
    if model is None:
        return NOTHING

    def name() -> str:
        # Of all boards, for their descriptions may use each other's: on them it depends what switches a cache.
        described = store.content_of(target.folder.parent, platform.files(target.folder.parent))
        board = (described, target.name, BuiltinEngine().tables(target))
        return store.key(_engine(), *board, image.path.read_bytes(), *parts)

    def make(folder: Path) -> None:
        (folder / _FILE).write_text(json.dumps(list(watch(model).items())), encoding="utf-8")

    content = (store.entry("waits", name, make) / _FILE).read_text(encoding="utf-8")
    return {int(address): int(wait) for address, wait in json.loads(content)}


@cache
def _engine() -> str:
    return store.content_of(shim.SOURCES, shim.SOURCES.glob("*.[ch]"))
