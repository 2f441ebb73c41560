"""Doing again what a bundle says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab import target
from lab.bundling import difference, platform, playing
from lab.bundling.bundle import Bundle
from lab.bundling.difference import LogDifference
from lab.engines import selection
from lab.errors import UsageError
from lab.store import OnStage


@dataclass(frozen=True)
class Reproduced:
    """What came of it: `difference` is None if every line of the device log is the same."""

    difference: LogDifference | None
    lines: int
    engine: str
    notes: tuple[str, ...]


def reproduce(bundle: Bundle, engine: str, renode: Path | None, on_stage: OnStage) -> Reproduced:
    """Play a bundle's samples to its firmware on the board of this installation.

    Raises UsageError for a bundle of a board or workload that cannot be, and as a board's run does.
    """
    manifest = bundle.manifest
    board = target.load(manifest.target)
    selected = selection.select(engine, renode)
    with bundle.opened() as (workload, firmware):
        if workload.input.sensor not in board.sensors:
            raise UsageError(
                f"The bundle plays into the {workload.input.sensor}, which {board.name} does not have.",
                remedy="Is this platform the one that it was made on? The bundle names the lab's version.",
            )
        on_stage(f"playing {manifest.recording} on {board.name}")
        lines = playing.log(selected, board, workload, firmware, bundle.samples, manifest.mode, manifest.mips)
    return Reproduced(
        difference.first(bundle.log, lines), len(lines), selected.name, tuple(_notes(bundle, platform.of(board)))
    )


def _notes(bundle: Bundle, here: str) -> list[str]:
    manifest = bundle.manifest
    said = [f"Made by lab {manifest.provenance.get('lab', '?')[:40]} on the engine {manifest.engine}"]
    if manifest.platform != here:
        said.append(
            f"The platform {manifest.target} is described otherwise here than where the bundle was made: "
            "what differs may be due to that"
        )
    return said
