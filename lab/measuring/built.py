"""Firmware that the lab builds from a workload's application."""

from __future__ import annotations

from lab.building import frontend
from lab.building.store import OnStage
from lab.errors import ArenaTooSmall
from lab.measuring import arena, making
from lab.measuring.device_log import Boot
from lab.measuring.listening import Setup
from lab.measuring.making import Made
from lab.measuring.playback import clip_board
from lab.measuring.request import Request
from lab.measuring.subject import Subject


def subject(request: Request, on_stage: OnStage) -> Subject:
    """Build and boot it. Raises UsageError and InfrastructureError for what cannot be built, and FirmwareError."""
    made = making.make(request, on_stage)
    model, build = made.model, made.build
    frontend.library(on_stage)  # here, once, rather than by each worker
    on_stage(f"booting {request.target.name}")
    boot = _boot(request, made)
    return Subject(
        image=build.firmware,
        map=build.map,
        variant=build.kernels.name,
        provenance={**build.provenance, "model": f"{model.path.name} crc {model.crc}"},
        setup=lambda engine: Setup(request.workload, request.target, engine, request.renode, build.elf, model.path),
        arena_bytes=made.arena_bytes,
        arena_used=boot.arena_used,
    )


def _boot(request: Request, made: Made) -> Boot:
    try:
        with clip_board(request, made.build.firmware) as board:
            return board.boot
    except ArenaTooSmall:
        raise arena.too_small(request, made.model, made.arena_bytes) from None
