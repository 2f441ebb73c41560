"""How much arena a model needs on the device: asked of the device itself, which may use less than its image reserves.

An image with as large an arena as the board's RAM has room for is booted with smaller and smaller parts of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab import building
from lab.building import Build
from lab.elf import Firmware
from lab.errors import ArenaTooSmall, BuildError, FirmwareError
from lab.measuring import memory
from lab.measuring.playback import clip_board
from lab.measuring.request import Request
from lab.model import Model, Operator
from lab.store import OnStage, silently
from lab.target import Target

_ALIGNMENT = 16
_LITTLE = 1024


@dataclass(frozen=True)
class Need:
    """Bytes of arena: what TFLM keeps once its tensors are `used`, and the `smallest` part with which it starts.

    TFLM may need more while it plans than it keeps, so `smallest` is found by trying. Both are whole multiples of 16.
    """

    used: int
    smallest: int


@dataclass(frozen=True)
class Trial:
    """What is tried: how an image with so much arena is built, and booted with part of it (None: with all).

    `boot` returns the bytes that TFLM has allocated, and raises ArenaTooSmall.
    """

    target: Target
    model: Model
    build: Callable[[int], Build]
    boot: Callable[[Firmware, int | None], int]


def size(request: Request, model: Model, on_stage: OnStage = silently) -> int:
    """Bytes to reserve: as the workload says, or the smallest that works where it says "auto". Raises as `need`."""
    if request.workload.arena_bytes is not None:
        return request.workload.arena_bytes
    on_stage("finding the smallest arena")
    return need(trial(request, model)).smallest


def trial(request: Request, model: Model) -> Trial:
    """A workload's application with that model, in clip mode."""

    def build(arena_bytes: int) -> Build:
        return building.build(
            request.workload,
            request.target,
            model,
            tflm_root=request.tflm_root,
            kernels_name=request.kernels,
            kernels_root=request.kernels_root,
            arena_bytes=arena_bytes,
        )

    def boot(firmware: Firmware, arena_bytes: int | None) -> int:
        with clip_board(request, firmware, arena_bytes) as board:
            return board.boot.arena_used

    return Trial(request.target, model, build, boot)


def need(of: Trial) -> Need:
    """What the model needs on the device.

    Raises ArenaTooSmall where the board's RAM has no room for it, and what building and booting raise.
    """
    firmware = roomiest(of).firmware
    try:
        used = _rounded_up(of.boot(firmware, None), _ALIGNMENT)
    except ArenaTooSmall as error:
        raise ArenaTooSmall(
            f"{of.model.path.name} needs a larger arena than the RAM of {of.target.name} has room for.",
            remedy="Use a smaller model, or a target with more RAM.",
            details=error.details,
        ) from None
    return Need(used, _smallest(of, firmware, used))


def too_small(request: Request, model: Model, reserved: int) -> ArenaTooSmall:
    """The error that says how much the model needs and where to write it."""
    workload = request.workload
    try:
        smallest = need(trial(request, model)).smallest
    except ArenaTooSmall as error:
        return error
    return ArenaTooSmall(
        f"{model.path.name} needs an arena of {smallest:,} bytes; {workload.name} gives it {reserved:,}.",
        remedy=f'Set arena_bytes = {_rounded_up(smallest, _LITTLE)} in {workload.file}, or arena = "auto".',
    )


def roomiest(of: Trial) -> Build:
    """An image whose arena takes all the RAM that the rest leaves. Raises ArenaTooSmall where that cannot suffice."""
    _check_room(of)
    little = of.build(_LITTLE)
    rest = memory.of(little.firmware, of.target, _LITTLE).ram_bytes - _LITTLE
    room = (of.target.memories.ram_bytes - rest) // _LITTLE * _LITTLE
    while True:
        try:
            return of.build(room)
        except BuildError:  # RAM in several pieces, or one that the linker script keeps for something else
            room = room // 2 // _LITTLE * _LITTLE
            if room <= _LITTLE:
                return little


def _check_room(of: Trial) -> None:
    """What no arena in this board's RAM has room for is known before anything is built. Raises ArenaTooSmall."""
    model, room = of.model, of.target.memories.ram_bytes
    largest = max(range(len(model.operators)), key=lambda index: _at_once(model, model.operators[index]))
    least = _at_once(model, model.operators[largest])
    if least > room:
        raise ArenaTooSmall(
            f"{model.path.name} needs a larger arena than the RAM of {of.target.name} has room for, {room:,} bytes: "
            f"operator {largest} {model.described(largest)} alone has {least:,} bytes of tensors in it.",
            remedy="Use a smaller model, or a target with more RAM.",
        )


def _at_once(model: Model, operator: Operator) -> int:
    """Bytes of arena that its tensors take while it runs; those of an operator without weights may share memory."""
    sides = [
        sum(model.tensors[index].bytes for index in {*indices} if index >= 0 and not model.tensors[index].constant)
        for indices in (operator.inputs, operator.outputs)
    ]
    return sum(sides) if operator.macs else max(sides)


def _smallest(of: Trial, firmware: Firmware, used: int) -> int:
    """The least that boots, between what is used and what the image reserves."""
    if _boots(of, firmware, used):
        return used
    fails, boots = used, used + _ALIGNMENT
    while not _boots(of, firmware, boots):
        fails, boots = boots, used + 2 * (boots - used)
    while boots - fails > _ALIGNMENT:
        middle = fails + (boots - fails) // 2 // _ALIGNMENT * _ALIGNMENT
        fails, boots = (fails, middle) if _boots(of, firmware, middle) else (middle, boots)
    return boots


def _boots(of: Trial, firmware: Firmware, arena_bytes: int) -> bool:
    """Whatever goes wrong is for want of arena: with all of it the firmware came up."""
    try:
        of.boot(firmware, arena_bytes)
    except FirmwareError:
        return False
    return True


def _rounded_up(size: int, to: int) -> int:
    return -(-size // to) * to
