"""From what was replayed to the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from lab.errors import FirmwareError, LabError
from lab.measuring import provenance
from lab.measuring.request import Request
from lab.replaying.comparing.first import Compared
from lab.replaying.expectations import Expected, checked
from lab.replaying.replay import Replayed
from lab.replaying.result import Comparison, Expectation, ReplayResult, fingerprint
from lab.verdict.result import Error, Sensor, Verdict


def judged(
    replayed: Replayed,
    request: Request,
    trace: str,
    expected: Sequence[Expected],
    *,
    options: tuple[str, ...],
    host_seconds: float,
) -> ReplayResult:
    """The result of a replay of the trace of that name. What did not come to its end is not held to expectations."""
    workload, outcome, firmware = request.workload, replayed.outcome, replayed.subject
    ended = not (replayed.error or replayed.interrupted)
    by_inference = workload.task.of_states and request.brought is None
    met = checked(expected, outcome, workload.background, by_inference=by_inference) if ended else ()
    elf = firmware.image.path.read_bytes()
    return ReplayResult(
        verdict=_verdict(replayed, all(one.passed for one in met)),
        fingerprint=fingerprint(elf, outcome.stimulus, outcome.pace, outcome.inferences) if ended else None,
        workload=workload.name,
        target=request.target.name,
        variant=firmware.variant,
        engine=replayed.engine,
        trace=trace,
        from_s=outcome.from_s,
        to_s=outcome.to_s,
        stimulus=outcome.stimulus,
        sensor=Sensor.of(workload.input),
        labels=workload.labels,
        background=workload.background,
        threshold_is_share=workload.decision.threshold_is_share,
        pace=outcome.pace,
        inferences=outcome.inferences,
        arrived=outcome.arrived,
        expectations=tuple(
            Expectation(**asdict(one.expected), reported=one.reported, passed=one.passed) for one in met
        ),
        notes=outcome.notes,
        error=Error.of(replayed.error) if replayed.error else None,
        build=dict(firmware.provenance),
        provenance=provenance.collect(),
        options=options,
        host_seconds=round(host_seconds, 3),
    )


def with_comparison(result: ReplayResult, against: str, found: Compared) -> ReplayResult:
    """The result with what another play of the trace came to, which fails it if it differs."""
    comparison = Comparison(
        against=against, inferences=found.inferences, stages=found.stages, difference=found.difference
    )
    verdict: Verdict = "failed" if found.difference else result.verdict
    return result.model_copy(update={"comparison": comparison, "verdict": verdict})


def with_error(result: ReplayResult, error: LabError) -> ReplayResult:
    """The result of a replay that ended otherwise than was asked."""
    verdict: Verdict = "failed" if isinstance(error, FirmwareError) else "error"
    return result.model_copy(update={"error": Error.of(error), "verdict": verdict})


def _verdict(replayed: Replayed, all_met: bool) -> Verdict:
    if replayed.interrupted:
        return "interrupted"
    if replayed.error is not None:
        return "failed" if isinstance(replayed.error, FirmwareError) else "error"
    return "passed" if all_met else "failed"
