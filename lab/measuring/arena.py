"""How much arena a model needs on the device: asked of the device itself, which may use less than its image reserves.

An image with as large an arena as the board's RAM has room for is booted with smaller and smaller parts of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab import building
from lab.building import Build
from lab.building.store import OnStage, silently
from lab.errors import ArenaTooSmall, BuildError
from lab.measuring import memory
from lab.measuring.playback import clip_board
from lab.measuring.request import Request
from lab.model import Model

_ALIGNMENT = 16
_LITTLE = 1024


@dataclass(frozen=True)
class Need:
    """Bytes of arena: what TFLM keeps once its tensors are `used`, and the `smallest` part with which it starts.

    TFLM may need more while it plans than it keeps, so `smallest` is found by trying. Both are whole multiples of 16.
    """

    used: int
    smallest: int


def size(request: Request, model: Model, on_stage: OnStage = silently) -> int:
    """Bytes to reserve: as the workload says, or the smallest that works where it says "auto". Raises as `need`."""
    if request.workload.arena_bytes is not None:
        return request.workload.arena_bytes
    on_stage("finding the smallest arena")
    return need(request, model).smallest


def need(request: Request, model: Model) -> Need:
    """What the model needs on the device.

    Raises ArenaTooSmall where the board's RAM has no room for it, and what building and booting raise.
    """
    roomy = _roomiest(request, model)
    try:
        used = _rounded_up(_boot(request, roomy, None))
    except ArenaTooSmall as error:
        raise ArenaTooSmall(
            f"{model.path.name} needs a larger arena than the RAM of {request.target.name} has room for.",
            remedy="Use a smaller model, or a target with more RAM.",
            details=error.details,
        ) from None
    return Need(used, _smallest(request, roomy, used))


def too_small(request: Request, model: Model, reserved: int) -> ArenaTooSmall:
    """The error that says how much the model needs and where to write it."""
    workload = request.workload
    try:
        smallest = need(request, model).smallest
    except ArenaTooSmall as error:
        return error
    return ArenaTooSmall(
        f"{model.path.name} needs an arena of {smallest:,} bytes; {workload.name} gives it {reserved:,}.",
        remedy=f'Set arena_bytes = {-(-smallest // 1024) * 1024} in {workload.file}, or arena = "auto".',
    )


def _roomiest(request: Request, model: Model) -> Build:
    """An image whose arena takes all the RAM that the rest leaves."""
    little = _build(request, model, _LITTLE)
    rest = memory.of(little.firmware, request.target, _LITTLE).ram_bytes - _LITTLE
    room = (request.target.memories.ram_bytes - rest) // _LITTLE * _LITTLE
    while True:
        try:
            return _build(request, model, room)
        except BuildError:  # RAM in several pieces, or one that the linker script keeps for something else
            room = room // 2 // _LITTLE * _LITTLE
            if room <= _LITTLE:
                return little


def _smallest(request: Request, build: Build, used: int) -> int:
    """The least that boots, between what is used and what the image reserves."""
    if _boots(request, build, used):
        return used
    fails, boots = used, used + _ALIGNMENT
    while not _boots(request, build, boots):
        fails, boots = boots, used + 2 * (boots - used)
    while boots - fails > _ALIGNMENT:
        middle = fails + (boots - fails) // 2 // _ALIGNMENT * _ALIGNMENT
        fails, boots = (fails, middle) if _boots(request, build, middle) else (middle, boots)
    return boots


def _boots(request: Request, build: Build, arena_bytes: int) -> bool:
    try:
        _boot(request, build, arena_bytes)
    except ArenaTooSmall:
        return False
    return True


def _boot(request: Request, build: Build, arena_bytes: int | None) -> int:
    """Bytes that TFLM allocated."""
    with clip_board(request, build.firmware, arena_bytes) as board:
        return board.boot.arena_used


def _build(request: Request, model: Model, arena_bytes: int) -> Build:
    return building.build(
        request.workload,
        request.target,
        model,
        tflm_root=request.tflm_root,
        kernels_name=request.kernels,
        kernels_root=request.kernels_root,
        arena_bytes=arena_bytes,
    )


def _rounded_up(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
