"""One measurement from request to numbers: firmware that comes up, every recording played, what was counted."""

from __future__ import annotations

import time
from collections.abc import Callable

from lab import executing
from lab.engines import selection
from lab.engines.builtin import BuiltinEngine
from lab.engines.machine import Engine
from lab.measuring import built, chosen, fingerprint, memory, metrics, provenance, sensing
from lab.measuring.foreign import subject as foreign
from lab.measuring.measurement import Measurement
from lab.measuring.request import Request
from lab.measuring.subject import Subject
from lab.metrics import PlayedRecordings
from lab.outcomes.recording import ClipOutcome, SkippedClip
from lab.recordings import notes
from lab.store import OnStage, silently
from lab.target import Target

Progress = Callable[[int, int, ClipOutcome | SkippedClip], None]
"""Called after each recording with how many are done, how many there are, and its outcome."""


def measure(
    request: Request,
    on_clip: Progress = lambda _done, _total, _outcome: None,
    on_stage: OnStage = silently,
) -> Measurement:
    """Build the firmware, unless it was brought, and play every recording into it.

    A device error or Ctrl-C ends it early; what was heard until then is in the Measurement, with `error` or
    `interrupted`. Raises UsageError and InfrastructureError for what cannot start, and FirmwareError for a firmware
    that does not come up.
    """
    began = time.monotonic()
    sensing.check(request)
    BuiltinEngine().check_tables(request.target)
    collected = chosen.recordings(request, on_stage)
    entries = collected.entries
    firmware = subject(request, on_stage)
    on_stage(f"playing {len(entries)} recordings")
    engine = selection.select(request.engine, request.renode)
    with executing.processes(request.jobs or executing.suitable(engine)) as executor:
        played = executing.play(executor, firmware.setup(engine.name), entries, on_clip)
    clips = [outcome for outcome in played.outcomes if isinstance(outcome, ClipOutcome)]
    by_clip = tuple(metrics.of_clip(clip, request.workload, request.target) for clip in clips)
    skipped = [outcome for outcome in played.outcomes if isinstance(outcome, SkippedClip)]
    image = memory.of(firmware.image, request.target, firmware.arena_bytes, firmware.map)
    conditions = metrics.conditions(request.workload, request.target)
    played_all = PlayedRecordings(clips, image, firmware.arena_used, conditions)
    cost_model = engine.cost_model(request.target)
    return Measurement(
        workload=request.workload.name,
        target=request.target.name,
        variant=firmware.variant,
        engine=engine.name,
        hardware_faithful=request.target.hardware_faithful,
        source=request.source,
        clips=tuple(clips),
        by_clip=by_clip,
        skipped=tuple(skipped),
        notes=(
            *request.engine_notes,
            *collected.notes,
            *notes.summary((clip.clip, note) for clip in clips for note in clip.notes),
            *stand_ins(request.target),
            *firmware.notes,
            _cycles(engine, request),
        ),
        memory=image,
        metrics=metrics.of(request.workload, played_all, by_clip, firmware.untold, engine.cycle_ratios(request.target)),
        fingerprint=fingerprint.of(firmware.image, request.target, clips),
        labels=request.workload.labels,
        task=request.workload.task.name,
        event=request.workload.event,
        provenance=provenance.collect(),
        build={
            **firmware.provenance,
            **({"cost_model": cost_model} if cost_model else {}),
        },
        host_seconds=time.monotonic() - began,
        error=played.error or (None if played.interrupted else firmware.amiss(clips)),
        interrupted=played.interrupted,
        partial=bool(request.clips or request.part),
        firmware=firmware.image.path,
        map=firmware.map,
        options=request.options,
        untold=firmware.untold,
        own_limits=firmware.own_limits,
    )


def subject(request: Request, on_stage: OnStage) -> Subject:
    """The firmware that is measured, booted once. Raises as what builds it, or checks what was brought."""
    if request.brought is not None:
        return foreign.subject(request, request.brought, on_stage)
    return built.subject(request, on_stage)


def stand_ins(target: Target) -> tuple[str, ...]:
    """What keeps the firmware from being as on the real board, as a note of the result."""
    return (f"Differs from hardware: {', '.join(target.stand_ins)}",) if target.stand_ins else ()


def _cycles(engine: Engine, request: Request) -> str:
    """Where the cycles come from, and how far they are from those of real boards."""
    target = request.target
    if engine.cost_model(target) is None:
        names = ", ".join(name for name, metric in request.workload.metrics().items() if metric.of_cycles)
        return f"The engine {engine.name} counts no cycles: {names} have no value, and their limits are not checked"
    return f"Cycles are modelled by {engine.cost_model(target)}, {engine.cycle_error(target)}"
