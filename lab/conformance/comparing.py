"""Running one case on the engine that is tested, and holding it against the reference."""

from __future__ import annotations

import time

from lab.conformance import by_name, difference
from lab.conformance.case import Case, LeftOut
from lab.conformance.difference import Difference
from lab.conformance.outcome import Outcome, Status
from lab.conformance.reference import Live, Reference
from lab.errors import EngineError


def compare(tested: Live, reference: Reference, case: Case | LeftOut) -> Outcome:
    """What comes of it. An engine that breaks in one case is an outcome: the next case gets a new board."""
    if isinstance(case, LeftOut):
        return Outcome(target=case.target.name, name=case.name, status="not run", reason=case.reason)
    try:
        return _held_against(tested, reference, case)
    except EngineError as error:
        return Outcome(target=case.target.name, name=case.name, status="broken", reason=error.message)


def _held_against(tested: Live, reference: Reference, case: Case) -> Outcome:
    began = time.monotonic()
    here = tested.observe(case)
    took = time.monotonic() - began
    there = reference.observe(case)
    left_out: tuple[str, ...] = ()
    if case.recorded_of is not None:
        found, left_out = by_name.compare(here, there, case.handlers, case.recorded_of)
    else:
        found = difference.first(here, there, case.firmware)
    is_meant = found is not None and _is_meant(found, case)
    return Outcome(
        target=case.target.name,
        name=case.name,
        status=_status(case) if found is None else "stricter" if is_meant else "differs",
        events=len(here.events),
        instructions=here.instructions,
        virtual_seconds=case.seconds,
        host_seconds=round(took, 3),
        reason=case.stricter.because if is_meant and case.stricter else "",
        not_compared=left_out,
        difference=found,
    )


def _status(case: Case) -> Status:
    """That of a case in which nothing differs."""
    return "equal" if case.recorded_of is None else "equal by name"


def _is_meant(found: Difference, case: Case) -> bool:
    return case.stricter is not None and case.stricter.after == found.after
