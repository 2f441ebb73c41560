"""One measurement from request to numbers: build, boot, play every recording, count."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from lab import building
from lab.building import Build, frontend, tflm
from lab.building.store import OnStage, silently
from lab.configuration import place
from lab.engines import selection
from lab.engines.machine import Engine
from lab.errors import ArenaTooSmall, ConfigurationError, LabError, UnknownName
from lab.measuring import arena, fingerprint, memory, metrics, provenance, workers
from lab.measuring.device_log import Boot
from lab.measuring.listening import Setup
from lab.measuring.measurement import ClipOutcome, Measurement, SkippedClip
from lab.measuring.playback import clip_board
from lab.measuring.request import Request
from lab.metrics import METRICS
from lab.model import Model
from lab.recordings import collection
from lab.recordings.collection import Collection
from lab.recordings.tflm_clips import crate_recordings
from lab.target import Target

Progress = Callable[[int, int, ClipOutcome | SkippedClip], None]
"""Called after each recording with how many are done, how many there are, and its outcome."""


def measure(
    request: Request,
    on_clip: Progress = lambda _done, _total, _outcome: None,
    on_stage: OnStage = silently,
) -> Measurement:
    """Build the firmware and play every recording into it.

    A device error or Ctrl-C ends it early; what was heard until then is in the Measurement, with `error` or
    `interrupted`. Raises UsageError and InfrastructureError for what cannot start, and FirmwareError for a firmware
    that does not come up.
    """
    began = time.monotonic()
    _check_sensor(request)
    collected = _recordings(request, on_stage)
    entries = collected.entries
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
    on_stage(f"playing {len(entries)} recordings")
    engine = selection.select(request.engine, request.renode)
    setup = Setup(request.workload, request.target, engine.name, request.renode, build.elf, model.path)
    clips: list[ClipOutcome] = []
    skipped: list[SkippedClip] = []
    error: LabError | None = None
    interrupted = False
    try:
        for outcome in workers.hear(setup, entries, request.jobs or workers.suitable(engine)):
            if isinstance(outcome, ClipOutcome):
                clips.append(outcome)
            else:
                skipped.append(outcome)
            on_clip(len(clips) + len(skipped), len(entries), outcome)
    except LabError as ended_by:
        error = ended_by
    except KeyboardInterrupt:
        interrupted = True
    image = memory.of(build.firmware, request.target, reserved, build.map)
    cost_model = engine.cost_model(request.target)
    return Measurement(
        workload=request.workload.name,
        target=request.target.name,
        variant=build.kernels.name,
        engine=engine.name,
        hardware_faithful=request.target.hardware_faithful,
        source=_source(request),
        clips=tuple(clips),
        skipped=tuple(skipped),
        notes=(
            *request.engine_notes,
            *collected.notes,
            *_played(clips),
            *_stand_ins(request.target),
            _cycles(engine, request.target),
        ),
        memory=image,
        metrics=metrics.of(clips, boot, image, request.workload, request.target),
        fingerprint=fingerprint.of(build.firmware, request.target, clips),
        labels=request.workload.labels,
        provenance=provenance.collect(),
        build={
            **build.provenance,
            "model": f"{model.path.name} crc {model.crc}",
            **({"cost_model": cost_model} if cost_model else {}),
        },
        host_seconds=time.monotonic() - began,
        error=error,
        interrupted=interrupted,
        partial=bool(request.clips),
        elf=build.elf,
        map=build.map,
        options=request.options,
    )


def _check_sensor(request: Request) -> None:
    """Raises ConfigurationError unless the target has the workload's sensor, at the workload's rate."""
    wanted, target = request.workload.input, request.target
    sensor = target.sensors.get(wanted.sensor)
    if sensor is None:
        text = request.workload.file.read_text(encoding="utf-8")
        where = place(request.workload.file, text, "input", "sensor")
        raise UnknownName(f"sensor of {target.name}", wanted.sensor, target.sensors, where=where)
    if sensor.rate_hz != wanted.rate_hz:
        raise ConfigurationError(
            f"{request.workload.file}: input.rate_hz is {wanted.rate_hz:,}, "
            f"and the {wanted.sensor} of {target.name} delivers {sensor.rate_hz:,} samples a second.",
            remedy=f"Make it the same as rate_hz of sensors.{wanted.sensor} in {target.folder / 'target.toml'}.",
            code="sensor-rate",
        )


def _recordings(request: Request, on_stage: OnStage) -> Collection:
    """What is to be played. Raises RecordingError for a folder without any usable recording, and UnknownName."""
    labels = request.workload.labels
    if request.recordings is not None:
        return _chosen(collection.read(request.recordings, labels), request.clips)
    shipped = collection.read(request.workload.folder / request.workload.recordings.folder, labels)
    every = replace(shipped, entries=(*shipped.entries, *crate_recordings(tflm.source(on_stage=on_stage).root, labels)))
    return _chosen(every, request.clips)


def _chosen(every: Collection, clips: tuple[str, ...]) -> Collection:
    """The recordings of those names, or all without any name."""
    if not clips:
        return every
    names = {entry.name for entry in every}
    for name in clips:
        if name not in names:
            unknown = UnknownName("recording", name, names)
            unknown.remedy = f"{len(names):,} are known: clips.csv of a run names them, such as {min(names)}."
            raise unknown
    entries = tuple(entry for entry in every if entry.name in clips)
    note = f"Only {len(entries)} of {len(every)} recordings were played, so nothing is compared with a baseline"
    return replace(every, entries=entries, notes=(*every.notes, note))


def _source(request: Request) -> str:
    return str(request.recordings) if request.recordings is not None else request.workload.recordings.source


def _boot(request: Request, build: Build, model: Model, reserved: int) -> Boot:
    try:
        with clip_board(request, build.firmware) as board:
            return board.boot
    except ArenaTooSmall:
        raise arena.too_small(request, model, reserved) from None


def _played(clips: list[ClipOutcome]) -> tuple[str, ...]:
    """What was done to recordings before they were played, with how many of them."""
    counts: dict[str, int] = {}
    for clip in clips:
        for note in clip.notes:
            counts[note] = counts.get(note, 0) + 1
    return tuple(f"{count} recording{'s' * (count > 1)} {note}" for note, count in sorted(counts.items()))


def _stand_ins(target: Target) -> tuple[str, ...]:
    return (f"Not as on the real board: {', '.join(target.stand_ins)}",) if target.stand_ins else ()


def _cycles(engine: Engine, target: Target) -> str:
    """Where the cycles come from, and how far they are from those of real boards."""
    if engine.cost_model(target) is None:
        names = " and ".join(name for name, metric in METRICS.items() if metric.of_cycles)
        return f"The engine {engine.name} counts no cycles: {names} have no value, and their limits are not checked"
    return f"Cycles are modelled by {engine.cost_model(target)}, {engine.cycle_error(target)}"
