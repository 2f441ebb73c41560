"""Firmware that the lab builds from a workload's application."""

from __future__ import annotations

from lab.building import host_features
from lab.errors import ArenaTooSmall
from lab.measuring import arena, making, waiting
from lab.measuring.device_log import Boot
from lab.measuring.listening import Setup
from lab.measuring.making import Made
from lab.measuring.playback import clip_board
from lab.measuring.request import Request
from lab.measuring.subject import Subject
from lab.store import OnStage


def subject(request: Request, on_stage: OnStage) -> Subject:
    """Build and boot it. Raises UsageError and InfrastructureError for what cannot be built, and FirmwareError."""
    host_features.library(
        request.workload.features, request.workload.input, on_stage
    )  # here, once, rather than by each worker
    made, boot, notes = come_up(request, on_stage)
    model, build = made.model, made.build
    waits = waiting.of_application(request.workload, request.target, build.firmware)
    return Subject(
        image=build.firmware,
        map=build.map,
        variant=build.kernels.name,
        provenance={**build.provenance, "model": f"{model.path.name} crc {model.crc}"},
        setup=lambda engine: Setup(
            request.workload, request.target, engine, request.renode, build.elf, model.path, waits
        ),
        arena_bytes=made.arena_bytes,
        arena_used=boot.arena_used,
        waits=waits,
        notes=notes,
    )


def come_up(request: Request, on_stage: OnStage) -> tuple[Made, Boot, tuple[str, ...]]:
    """What boots, and what is to be said of it: a model that was named with `--model` gets the arena that it needs.

    Raises as `subject`.
    """
    made = making.make(request, on_stage)
    on_stage(f"booting {request.target.name}")
    try:
        return made, _boot(request, made), ()
    except ArenaTooSmall:
        if request.model is None:
            raise arena.too_small(request, made.model, made.arena_bytes) from None
    on_stage("finding the smallest arena")
    larger = making.make(request, on_stage, arena.need(arena.trial(request, made.model)).smallest)
    note = (
        f"{made.model.path.name} needs an arena of {larger.arena_bytes:,} bytes and was given that; "
        f"{request.workload.name} plans {made.arena_bytes:,}"
    )
    return larger, _boot(request, larger), (note,)


def _boot(request: Request, made: Made) -> Boot:
    with clip_board(request, made.build.firmware) as board:
        return board.boot
