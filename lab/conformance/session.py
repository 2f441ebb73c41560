"""A whole comparison, from what is wanted to all outcomes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lab.conformance import probes, recorded, workloads
from lab.conformance.case import Case, LeftOut
from lab.conformance.choice import Choice
from lab.conformance.comparing import compare
from lab.conformance.outcome import Conformance, Outcome
from lab.conformance.record import Record
from lab.conformance.reference import Live, Recorded, Reference
from lab.engines.machine import Engine
from lab.errors import UsageError
from lab.store import OnStage
from lab.target import Target


def with_reference(
    engine: Engine, reference: Reference, title: str, targets: Sequence[Target], choice: Choice, on_stage: OnStage
) -> Conformance:
    """Every probe and workload of the targets, built here. Raises what building and running them raise."""

    def wanted() -> Iterator[Case]:
        for target in targets:
            yield from probes.cases(target, choice)
            for application in workloads.of(target):
                yield from workloads.cases(application, target, choice, on_stage)

    return _compare(engine, reference, title, wanted(), choice, on_stage)


def with_record(
    engine: Engine, record: Record, targets: Sequence[Target], choice: Choice, on_stage: OnStage
) -> Conformance:
    """What the record has of the targets. Raises what running it raises."""
    with tempfile.TemporaryDirectory(prefix="lab-conformance-") as folder:

        def wanted() -> Iterator[Case | LeftOut]:
            for target in targets:
                yield from recorded.cases(record, target, choice, Path(folder), on_stage)

        title = f"Renode {record.renode}"
        return _compare(engine, Recorded(record), title, wanted(), choice, on_stage)


def _compare(
    engine: Engine,
    reference: Reference,
    title: str,
    cases: Iterable[Case | LeftOut],
    choice: Choice,
    on_stage: OnStage,
) -> Conformance:
    outcomes: list[Outcome] = []
    with Live(engine) as tested:
        for case in cases:
            on_stage(f"{case.target.name} {case.name}")
            outcomes.append(compare(tested, reference, case))
    choice.check()
    found = Conformance(engine=engine.name, reference=title, outcomes=tuple(outcomes))
    if found.count("not run") == len(outcomes):
        reasons = sorted({outcome.reason for outcome in outcomes}) or ["no probe or workload is for these targets"]
        raise UsageError(
            f"Nothing could be compared with {title}: {'; '.join(reasons)}.",
            remedy="Record anew with a Renode, or choose a probe that the record has.",
            code="nothing-compared",
        )
    return found
