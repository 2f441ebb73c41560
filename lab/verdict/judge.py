"""From a measurement to a result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from itertools import chain, repeat
from pathlib import Path

from lab.errors import FirmwareError, LabError
from lab.measuring.measurement import Measurement
from lab.measuring.request import Request
from lab.metrics import Mode, Number
from lab.outcomes.recording import ClipOutcome
from lab.outcomes.stream import Detection, StreamOutcome
from lab.verdict import checks, regression
from lab.verdict.regression import FailOn
from lab.verdict.result import (
    Check,
    Clip,
    Confusion,
    Error,
    Recordings,
    Result,
    Run,
    Sensor,
    SkippedRecording,
    StreamDetection,
    StreamHeard,
    StreamPart,
    StreamWindow,
    StreamWord,
    Verdict,
    worst,
)
from lab.workload import Workload

_OF_CLIPS = Clip.model_fields.keys() - {"metrics"}
_OF_PARTS = StreamPart.model_fields.keys() - {"metrics"}


def judge(
    workload: Workload,
    measurement: Measurement,
    *,
    baselines: Path | None = None,
    fail_on: FailOn = "regression",
) -> Result:
    """The verdict on one measurement; its limits are checked only if it ran to its end.

    With `baselines`, the folder that keeps them, it is held against its baseline too: each metric that is worse becomes
    a failed check, or with `fail_on="limit"` is only said in the comparison. A baseline or policy that cannot be read
    is the run's error, so that what was measured is not lost.
    """
    run = _run(workload, measurement)
    if baselines is not None and _finished(measurement):
        run = regression.held_against(run, baselines, fail_on=fail_on)
    return Result(
        verdict=run.verdict,
        fingerprint=measurement.fingerprint if _finished(measurement) else None,
        provenance={**measurement.provenance, **measurement.build},
        runs=(run,),
    )


def not_measured(
    workload: str,
    target: str,
    *,
    engine: str,
    hardware_faithful: bool,
    source: str,
    provenance: dict[str, str],
    error: LabError | None,
    mode: Mode = "clip",
    task: str = "detection",
    event: str = "word",
    options: tuple[str, ...] = (),
) -> Result:
    """The result of a run that ended before there was anything to measure; without `error` it was interrupted."""
    run = Run(
        workload=workload,
        target=target,
        variant="",
        engine=engine,
        hardware_faithful=hardware_faithful,
        verdict=_verdict(error, error is None, ()),
        error=Error.of(error) if error else None,
        recordings=Recordings(count=0, skipped=0, source=source, stimuli=stimuli(())),
        skipped_recordings=(),
        notes=(),
        metrics={},
        checks=(),
        memory=None,
        build={},
        confusion=None,
        clips=(),
        mode=mode,
        task=task,
        event=event,
        options=options,
        host_seconds=0.0,
    )
    return Result(verdict=run.verdict, fingerprint=None, provenance=provenance, runs=(run,))


def not_begun(request: Request, provenance: dict[str, str], error: LabError | None = None) -> Result:
    """`not_measured` for what was requested."""
    return not_measured(
        request.workload.name,
        request.target.name,
        engine=request.engine,
        hardware_faithful=request.target.hardware_faithful,
        source=request.source,
        provenance=provenance,
        error=error,
        mode=request.mode,
        task=request.workload.task.name,
        event=request.workload.event,
        options=request.options,
    )


def with_failed_tests(result: Result, failed: Sequence[tuple[str, str]]) -> Result:
    """The result of one run after Robot tests, by name and place, failed for a reason other than a limit."""
    (run,) = result.runs
    added = [
        Check(name=name, limit=None, value=None, passed=False, where=where, origin="suite") for name, where in failed
    ]
    verdict = worst([run.verdict, "failed"]) if added else run.verdict
    run = run.model_copy(update={"checks": (*run.checks, *added), "verdict": verdict})
    return result.model_copy(update={"runs": (run,), "verdict": verdict})


def together(results: Sequence[Result]) -> Result:
    """Several results (at least one) as one: the worst verdict, and a fingerprint over theirs if all have one."""
    if len(results) == 1:
        return results[0]
    prints = [result.fingerprint or "" for result in results]
    return Result(
        verdict=worst([result.verdict for result in results]),
        fingerprint=sha256("".join(prints).encode()).hexdigest() if all(prints) else None,
        provenance={key: value for result in results for key, value in result.provenance.items()},
        runs=tuple(run for result in results for run in result.runs),
    )


def stimuli(named: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the names and samples of what was played, in order."""
    return sha256("".join(f"{name} {stimulus}\n" for name, stimulus in named).encode()).hexdigest()


def _run(workload: Workload, measurement: Measurement) -> Run:
    checked = checks.checks(workload, measurement) if _finished(measurement) else ()
    return Run(
        workload=measurement.workload,
        target=measurement.target,
        variant=measurement.variant,
        engine=measurement.engine,
        hardware_faithful=measurement.hardware_faithful,
        verdict=_verdict(measurement.error, measurement.interrupted, checked),
        error=Error.of(measurement.error) if measurement.error else None,
        recordings=Recordings(
            count=len(measurement.stream.events if measurement.stream else measurement.clips),
            skipped=len(measurement.skipped),
            source=measurement.source,
            stimuli=stimuli(_played(measurement)),
            partial=measurement.partial,
        ),
        skipped_recordings=tuple(SkippedRecording(clip=one.clip, reason=one.reason) for one in measurement.skipped),
        notes=measurement.notes,
        metrics=measurement.metrics,
        checks=checked,
        memory=measurement.memory,
        sensor=Sensor.of(workload.input),
        features=workload.features.layout(workload.input),
        scores=_score_names(workload),
        threshold=workload.decision.normal_up_to,
        build=measurement.build,
        options=measurement.options,
        confusion=_confusion(measurement.labels, measurement.clips),
        clips=tuple(map(_clip, measurement.clips, _by_clip(measurement))),
        mode=measurement.mode,
        task=measurement.task,
        event=measurement.event,
        stream=_stream(measurement.stream, _by_clip(measurement)) if measurement.stream else None,
        host_seconds=round(measurement.host_seconds, 3),
    )


def _score_names(workload: Workload) -> tuple[str, ...]:
    """Empty where there is a score for each label."""
    names = workload.decision.score_names(workload.labels)
    return () if names == workload.labels else names


def _finished(measurement: Measurement) -> bool:
    return measurement.error is None and not measurement.interrupted


def _verdict(error: LabError | None, interrupted: bool, checked: Sequence[Check]) -> Verdict:
    if interrupted:
        return "interrupted"
    if error is not None:
        return "failed" if isinstance(error, FirmwareError) else "error"
    return "passed" if all(check.passed for check in checked) else "failed"


def _confusion(labels: tuple[str, ...], clips: Sequence[ClipOutcome]) -> Confusion | None:
    if not clips:
        return None
    pairs = [(clip.label, clip.decided) for clip in clips]
    return Confusion(
        labels=labels, counts=tuple(tuple(pairs.count((row, column)) for column in labels) for row in labels)
    )


def _by_clip(measurement: Measurement) -> Iterator[Mapping[str, Number | None]]:
    """What each recording or part has of the metrics; nothing of those that the measurement says nothing of."""
    return chain(measurement.by_clip, repeat({}))


def _clip(clip: ClipOutcome, metrics: Mapping[str, Number | None]) -> Clip:
    return Clip(**{**{name: getattr(clip, name) for name in _OF_CLIPS}, "metrics": dict(metrics)})


def _played(measurement: Measurement) -> Iterator[tuple[str, str]]:
    """Name and hash of everything that was played."""
    yield from ((clip.clip, clip.stimulus) for clip in measurement.clips)
    if measurement.stream:
        yield from ((f"part {part.number}", part.stimulus) for part in measurement.stream.parts)


def _stream(stream: StreamOutcome, by_part: Iterator[Mapping[str, Number | None]]) -> StreamHeard:
    return StreamHeard(
        seconds=stream.seconds,
        seed=stream.seed,
        pace=stream.pace,
        parts=tuple(
            StreamPart(**{**{name: getattr(part, name) for name in _OF_PARTS}, "metrics": dict(metrics)})
            for part, metrics in zip(stream.parts, by_part, strict=False)
        ),
        words=tuple(
            StreamWord(**asdict(one.event), fate=one.fate, delay_ms=_rounded(one.delay_ms), taken_for=one.taken_for)
            for one in stream.events
        ),
        detections=tuple(map(_detection, stream.detections)),
        windows=tuple(
            StreamWindow(time_s=round(one.time_s, 6), label=one.label, decided=one.decided, scores=one.scores)
            for one in stream.windows
        ),
    )


def _detection(one: Detection) -> StreamDetection:
    return StreamDetection(
        time_s=round(one.time_s, 6),
        label=one.label,
        score=one.score,
        standing=one.standing,
        word=one.event,
        delay_ms=_rounded(one.delay_ms),
    )


def _rounded(milliseconds: float | None) -> float | None:
    """To whole microseconds, so that no digits are shown that mean nothing."""
    return None if milliseconds is None else round(milliseconds, 3)
