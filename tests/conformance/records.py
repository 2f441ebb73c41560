"""The records that ship."""

from __future__ import annotations

from pathlib import Path

from lab import places, target
from lab.conformance import probe, record, recorded
from lab.conformance.case import Case
from lab.conformance.choice import Choice
from lab.conformance.record import Run

FILES = sorted((places.project() / "firmware" / "probes").glob("*/renode-*.json"))


def newest(board: str) -> Path:
    """The newest record of that board."""
    return probe.records(target.load(board))[-1]


def newest_run(board: str, name: str) -> Run:
    """What the newest Renode that was recorded with that firmware did."""
    runs = (record.read(file).find(board, name) for file in reversed(probe.records(target.load(board))))
    return next(run for run in runs if run)


NEWEST = newest("nano33ble")


def case(name: str, folder: Path, file: Path | None = None) -> Case:
    """The probe of that name as the record has it, by default the newest of nano33ble's, with its image in `folder`."""
    records = map(record.read, (file,) if file else reversed(probe.records(target.load("nano33ble"))))
    kept = next(one for one in records if file or one.find("nano33ble", name))
    (found,) = recorded.cases(kept, target.load(kept.targets[0]), Choice([name]), folder)
    assert isinstance(found, Case)
    return found
