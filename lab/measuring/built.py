"""Firmware that the lab builds from a workload's application."""

from __future__ import annotations

from lab import building
from lab.building import Build, frontend
from lab.building.store import OnStage
from lab.errors import ArenaTooSmall
from lab.measuring import arena
from lab.measuring.device_log import Boot
from lab.measuring.listening import Setup
from lab.measuring.playback import clip_board
from lab.measuring.request import Request
from lab.measuring.subject import Subject
from lab.model import Model


def subject(request: Request, on_stage: OnStage) -> Subject:
    """Build and boot it. Raises UsageError and InfrastructureError for what cannot be built, and FirmwareError."""
    model = Model.read(request.model or request.workload.model_path)
    model.check(request.workload)
    reserved = arena.size(request, model, on_stage)
    build = building.build(
        request.workload,
        request.target,
        model,
        arena_bytes=reserved,
        tflm_root=request.tflm_root,
        kernels_name=request.kernels,
        kernels_root=request.kernels_root,
        on_stage=on_stage,
    )
    frontend.library(on_stage)  # here, once, rather than by each worker
    on_stage(f"booting {request.target.name}")
    boot = _boot(request, build, model, reserved)
    return Subject(
        image=build.firmware,
        map=build.map,
        variant=build.kernels.name,
        provenance={**build.provenance, "model": f"{model.path.name} crc {model.crc}"},
        setup=lambda engine: Setup(request.workload, request.target, engine, request.renode, build.elf, model.path),
        arena_bytes=reserved,
        arena_used=boot.arena_used,
    )


def _boot(request: Request, build: Build, model: Model, reserved: int) -> Boot:
    try:
        with clip_board(request, build.firmware) as board:
            return board.boot
    except ArenaTooSmall:
        raise arena.too_small(request, model, reserved) from None
