"""The firmware that a request is about: its model read, its arena sized, its image built."""

from __future__ import annotations

from dataclasses import dataclass

from lab import building
from lab.building import Build
from lab.measuring import arena
from lab.measuring.request import Request
from lab.model import Model
from lab.store import OnStage, silently


@dataclass(frozen=True)
class Made:
    """An image, the model in it, and the bytes of arena that it reserves."""

    model: Model
    arena_bytes: int
    build: Build


def make(request: Request, on_stage: OnStage = silently, arena_bytes: int | None = None) -> Made:
    """Build the firmware; only what changed is compiled. `arena_bytes` takes the place of the workload's.

    Raises ModelError, and what sizing and building raise.
    """
    model = Model.read(request.model or request.workload.model_path)
    model.check(request.workload, streamed=request.mode == "stream")
    reserved = arena.size(request, model, on_stage) if arena_bytes is None else arena_bytes
    build = building.build(
        request.workload,
        request.target,
        model,
        arena_bytes=reserved,
        tflm_root=request.tflm_root,
        kernels_name=request.kernels,
        kernels_root=request.kernels_root,
        recorder=request.recorder,
        on_stage=on_stage,
    )
    return Made(model, reserved, build)
