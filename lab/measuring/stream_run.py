"""One measurement with a stream: compose, build, find the pace, play it, tell what is right from what is not."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

from lab import executing
from lab.composing.compose import compose
from lab.composing.stream import Stream
from lab.engines import selection
from lab.engines.builtin import BuiltinEngine
from lab.executing import Gathered
from lab.measuring import built, chosen, fingerprint, memory, metrics, pace, provenance, second_try, sensing
from lab.measuring.measurement import Measurement
from lab.measuring.request import Request
from lab.measuring.run import stand_ins
from lab.measuring.streaming import StreamListener, listening
from lab.measuring.subject import Subject
from lab.outcomes import variant
from lab.outcomes.inferences import Scoring
from lab.outcomes.recording import SkippedClip
from lab.outcomes.stream import Pace, PartOutcome, StreamOutcome
from lab.recordings import notes
from lab.signals.signal import Signal
from lab.store import OnStage, silently
from lab.tasks import Rules

PartProgress = Callable[[int, int, PartOutcome], None]
"""Called after each part with how many are done, how many there are, and its outcome."""


def measure_stream(
    request: Request,
    on_part: PartProgress = lambda _done, _total, _outcome: None,
    on_stage: OnStage = silently,
) -> Measurement:
    """Build the firmware and let it listen to a stream.

    A device error or Ctrl-C ends it early; the parts that were heard until then are in the Measurement, with `error`
    or `interrupted`. Raises UsageError and InfrastructureError for what cannot start, and FirmwareError for a firmware
    that does not come up.
    """
    began = time.monotonic()
    sensing.check(request)
    BuiltinEngine().check_tables(request.target)
    on_stage("composing the stream")
    collected = chosen.recordings(request, on_stage)
    stream = compose(collected, request.workload, request.evaluation)
    beginning = next(stream.signals(round(pace.TRIAL_S * stream.played.rate_hz)))
    firmware = built.subject(request, on_stage)
    on_stage(f"finding the pace of {request.target.name}")
    found = _pace(request, firmware, beginning)
    on_stage(f"playing {stream.seconds / 60:g} minutes")
    engine = selection.select(request.engine, request.renode)

    def play() -> Gathered[PartOutcome]:
        done = count(1)
        with listening(engine, request.target, request.workload, firmware.image, found.mips) as board:
            outcomes = StreamListener(board, stream, found.mips).parts()
            return executing.gathered(outcomes, lambda part: on_part(next(done), len(stream), part))

    played, again = second_try.gathered(play)
    parts = played.outcomes
    heard = _outcome(request, stream, found, parts)
    return Measurement(
        workload=request.workload.name,
        target=request.target.name,
        variant=variant.of_stream(firmware.variant),
        engine=engine.name,
        hardware_faithful=request.target.hardware_faithful,
        source=request.source,
        clips=(),
        by_clip=tuple(metrics.of_part(part, request.workload, request.target) for part in parts),
        skipped=tuple(SkippedClip(name, reason) for name, reason in stream.skipped),
        notes=(
            *request.engine_notes,
            *collected.notes,
            *notes.summary(stream.notes),
            *again,
            *stand_ins(request.target),
            _in_words(found, request),
        ),
        memory=memory.of(firmware.image, request.target, firmware.arena_bytes, firmware.map),
        metrics=metrics.of_stream(
            heard, request.workload, request.target, selection.select("builtin").cycle_ratios(request.target)
        ),
        fingerprint=fingerprint.of_stream(firmware.image, request.target, found, parts),
        labels=request.workload.labels,
        task=request.workload.task.name,
        event=request.workload.event,
        provenance=provenance.collect(),
        build={**firmware.provenance, "cost_model": found.cost_model},
        host_seconds=time.monotonic() - began,
        error=played.error,
        interrupted=played.interrupted,
        firmware=firmware.image.path,
        map=firmware.map,
        options=request.options,
        stream=heard,
    )


def _pace(request: Request, firmware: Subject, beginning: Signal) -> Pace:
    """By the built-in engine, because no other counts cycles."""
    engine = selection.select("builtin")
    with listening(engine, request.target, request.workload, firmware.image) as board:
        return pace.modelled(board.machine, request.workload.input.sensor, beginning, request.target, firmware.waits)


def _outcome(request: Request, stream: Stream, found: Pace, parts: tuple[PartOutcome, ...]) -> StreamOutcome:
    workload = request.workload
    window_s = workload.features.frames(workload.input) / workload.input.rate_hz
    rules = Rules(request.evaluation.late_ms / 1000, workload.background, window_s)
    judged = workload.task.judge(parts, rules)
    return StreamOutcome(
        seed=stream.seed,
        pace=found,
        parts=parts,
        events=judged.events,
        detections=judged.detections,
        signals=stream.signals,
        windows=judged.windows,
        scoring=Scoring.of(workload),
    )


def _in_words(found: Pace, request: Request) -> str:
    error = selection.select("builtin").cycle_error(request.target)
    return (
        f"The core executes {found.mips} instructions a microsecond: its clock of {found.clock_mhz:g} MHz over "
        f"{found.cycles_per_instruction:.3f} cycles per instruction, modelled by {found.cost_model}, {error}"
    )
