"""Cases of a record: a probe is the very image that was run, the lab's own firmware is built anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lab.conformance import probe, workloads
from lab.conformance.case import Case, LeftOut, OtherImage, hash_of
from lab.conformance.choice import Choice
from lab.conformance.record import Record, Run
from lab.elf import Firmware
from lab.errors import LabError
from lab.store import OnStage, silently
from lab.target import Target
from lab.workload import Workload

_MISSING = "the record does not have it"
_GONE = "its recording is not there any more"
_OTHER_RECORDING = "recorded with another recording"


def cases(
    record: Record, target: Target, choice: Choice, folder: Path, on_stage: OnStage = silently
) -> Iterator[Case | LeftOut]:
    """What the record has of the target, with images put into `folder`; and what it has not, or is another here."""
    known = probe.of(target)
    for run in record.runs:
        if run.target == target.name and run.elf is not None and run.name in choice:
            yield _probe(target, run, run.elf, folder)
    for name in known:
        if record.find(target.name, name) is None and name in choice:
            yield LeftOut(target, name, _MISSING)
    for application in workloads.of(target):
        yield from _of(application, record, target, choice, on_stage)


def _of(
    application: Workload, record: Record, target: Target, choice: Choice, on_stage: OnStage
) -> Iterator[Case | LeftOut]:
    runs = {
        run.name: run
        for run in record.runs
        if run.target == target.name and run.name.startswith(f"{application.name} ")
    }
    if not runs:
        if application.name in choice:
            yield LeftOut(target, application.name, _MISSING)
        return
    try:
        found = {case.name: case for case in workloads.cases(application, target, choice, on_stage, runs)}
        for name, run in runs.items():
            if name in choice:
                yield _checked(found[name], run) if name in found else LeftOut(target, name, _GONE)
    except LabError as error:  # no compiler, no network: the probes can be compared all the same
        yield LeftOut(target, application.name, error.message)


def _probe(target: Target, run: Run, elf: bytes, folder: Path) -> Case:
    file = folder / f"{run.name.replace('/', '-')[:200]}-{target.name}.elf"  # a record names no other folder
    file.write_bytes(elf)
    known = probe.of(target).get(run.name)
    return Case(
        target=known.board(target) if known else target,
        name=run.name,
        firmware=Firmware(file),
        seconds=run.seconds,
        stimuli=run.stimuli,
        sources=run.sources,
        stricter=known.stricter if known else None,
    )


def _checked(case: Case, run: Run) -> Case | LeftOut:
    if run.stimulus != hash_of(case.stimuli):
        return LeftOut(case.target, case.name, _OTHER_RECORDING)
    if run.image == case.image:
        return case
    return replace(case, recorded_of=OtherImage(run.handlers, run.features == case.features))
