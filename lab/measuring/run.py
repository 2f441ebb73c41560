"""One measurement from request to numbers: firmware that comes up, every recording played, what was counted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from lab import executing
from lab.building import tflm
from lab.configuration import place
from lab.engines import selection
from lab.engines.machine import Engine
from lab.errors import ConfigurationError, RecordingError, UnknownName
from lab.measuring import built, fingerprint, memory, metrics, provenance
from lab.measuring.foreign import subject as foreign
from lab.measuring.measurement import Measurement
from lab.measuring.request import Request
from lab.measuring.subject import Subject
from lab.metrics import Played
from lab.outcomes.recording import ClipOutcome, SkippedClip
from lab.output import one_line
from lab.recordings import carried, notes, reading, splits
from lab.recordings.collection import Collection
from lab.recordings.splits import Part
from lab.store import OnStage, silently
from lab.target import Target
from lab.workload import Workload

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
    check_sensor(request)
    collected = recordings(request, on_stage)
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
    played_all = Played(clips, image, firmware.arena_used, conditions)
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
        metrics=metrics.of(request.workload, played_all, by_clip, firmware.untold),
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
        error=played.error,
        interrupted=played.interrupted,
        partial=bool(request.clips or request.part),
        elf=firmware.image.path,
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


def check_sensor(request: Request) -> None:
    """Raises ConfigurationError unless the target has the sensor that is played into, with the workload's settings."""
    wanted, target = request.workload.input, request.target
    adapter = request.brought.adapter if request.brought else None
    if adapter is not None and adapter.input.buffer is not None:
        return
    name = (adapter.input.sensor if adapter else None) or wanted.sensor
    sensor = target.sensors.get(name)
    if sensor is None:
        of_workload = _place_of_input(request.workload, "sensor")
        where = adapter.place("input", "sensor") if adapter and adapter.input.sensor else of_workload
        raise UnknownName(f"sensor of {target.name}", name, target.sensors, where=where)
    described = f"sensors.{name} in {target.folder / 'target.toml'}"
    whose = f"the {name} of {target.name}"
    if sensor.rate_for(wanted.rate_hz) is None:
        highest = sensor.rate_hz or sensor.rates_hz[-1]
        most = "" if sensor.rate_hz else "at most "
        raise ConfigurationError(
            f"{_place_of_input(request.workload, 'rate_hz')}: input.rate_hz is {wanted.rate_hz:,}, "
            f"and {whose} delivers {most}{highest:,.15g} samples a second.",
            remedy=f"Make it {'no more than the last of rates_hz' if most else 'the same as rate_hz'} of {described}.",
            code="sensor-rate",
        )
    if wanted.unit != sensor.unit:
        raise ConfigurationError(
            f"{_place_of_input(request.workload, 'unit')}: input.unit is {wanted.unit!r}, "
            f"and that of {whose} is {sensor.unit!r}.",
            remedy=f"Make it the same as unit of {described}.",
            code="sensor-unit",
        )
    if sensor.ranges and wanted.range not in sensor.ranges:
        raise ConfigurationError(
            f"{_place_of_input(request.workload, 'range')}: input.range is {wanted.range:g} {wanted.unit}, "
            f"which {whose} has not.",
            remedy=f"Choose one of {', '.join(f'{one:g}' for one in sensor.ranges)}: ranges of {described}.",
            code="sensor-range",
        )


def _place_of_input(workload: Workload, key: str) -> str:
    return place(workload.file, workload.file.read_text(encoding="utf-8"), "input", key)


def recordings(request: Request, on_stage: OnStage) -> Collection:
    """What is to be played. Raises RecordingError for a folder without any usable recording, and UnknownName."""
    every = _every(request, on_stage)
    return _chosen(every if request.part is None else _of_part(every, request.part, request.workload), request.clips)


def _every(request: Request, on_stage: OnStage) -> Collection:
    heard, labels, shipping = request.workload.input, request.workload.labels, request.workload.recordings
    if request.recordings is not None:
        return reading.read(request.recordings, heard, labels, shipping.names)
    shipped = reading.read(request.workload.folder / shipping.folder, heard, labels, shipping.names)
    if shipping.also:
        more = carried.find(shipping.also, tflm.source(on_stage=on_stage).root, heard, labels)
        shipped = replace(shipped, entries=(*shipped.entries, *more))
    return shipped


def _of_part(every: Collection, part: Part, workload: Workload) -> Collection:
    """The recordings that the workload's split puts into that part."""
    split = splits.of(workload)
    if not workload.input.is_sound:  # where nothing says who speaks, sound is split by file, in training too
        split.check_known([every])
    entries = tuple(split.select([every], part))
    if not entries:
        raise RecordingError(
            f"None of the {len(every)} recordings is in the part {part} of {workload.folder / splits.FILE}.",
            remedy=f"What a script made is in no part: name recordings of people with --recordings. Whom {splits.FILE} "
            "does not name is in a part by chance: to keep somebody for judging, write the name into its [named], "
            "then train.",
            code="part-empty",
        )
    note = f"Only the {len(entries)} of {len(every)} recordings in the part {part} of the split were played"
    return replace(every, entries=entries, notes=(*every.notes, note))


def _chosen(every: Collection, clips: tuple[str, ...]) -> Collection:
    """The recordings of those names, or all without any name."""
    if not clips:
        return every
    names = {entry.name for entry in every}
    as_shown = {one_line(name) for name in names}
    for name in clips:
        if name not in names | as_shown:
            unknown = UnknownName("recording", name, names)
            unknown.remedy = f"{len(names):,} are known: clips.csv of a run names them, such as {min(names)}."
            raise unknown
    entries = tuple(entry for entry in every if entry.name in clips or one_line(entry.name) in clips)
    note = f"Only {len(entries)} of {len(every)} recordings were played"
    return replace(every, entries=entries, notes=(*every.notes, note))


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
