"""How much arena a model needs on the device: asked of the device itself, with an arena that is large enough."""

from __future__ import annotations

from lab import building
from lab.errors import ArenaTooSmall, BuildError
from lab.measuring.playback import clip_board
from lab.measuring.request import Request
from lab.model import Model

_ALIGNMENT = 16


def needed(request: Request, model: Model) -> int | None:
    """Bytes that TFLM allocates, or None when not even the largest arena that links is enough."""
    size = request.workload.arena_bytes
    while True:
        size *= 2
        try:
            build = building.build(
                request.workload, request.target, model, tflm_root=request.tflm_root, arena_bytes=size
            )
            with clip_board(request, build.firmware) as board:
                return -(-board.boot.arena_used // _ALIGNMENT) * _ALIGNMENT
        except ArenaTooSmall:
            continue
        except BuildError:
            return None


def too_small(request: Request, model: Model) -> ArenaTooSmall:
    """The error that says how much the model needs and where to write it."""
    workload = request.workload
    bytes_needed = needed(request, model)
    if bytes_needed is None:
        return ArenaTooSmall(
            f"{model.path.name} needs a larger arena than the RAM of {request.target.name} has room for; "
            f"{workload.name} gives it {workload.arena_bytes:,} bytes.",
            remedy="Use a smaller model, or a target with more RAM.",
        )
    return ArenaTooSmall(
        f"{model.path.name} needs an arena of {bytes_needed:,} bytes; {workload.name} gives it "
        f"{workload.arena_bytes:,}.",
        remedy=f"Set arena_bytes = {-(-bytes_needed // 1024) * 1024} in {workload.file}.",
    )
