"""Doing again what a bundle says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab import platform, target
from lab.bundling import difference, playing
from lab.bundling.bundle import Bundle
from lab.bundling.difference import LogDifference
from lab.bundling.playing import Play, PlayedBack
from lab.engines import selection
from lab.errors import UsageError
from lab.outcomes.replay import Arrived, ReplayOutcome
from lab.replaying.expectations import Expected, checked
from lab.replaying.result import Expectation
from lab.store import OnStage
from lab.workload import Workload


@dataclass(frozen=True)
class Reproduced:
    """What came of it: `difference` is None if every line of the device log is the same.

    `expectations` are those of a replay, with what was reported now.
    """

    difference: LogDifference | None
    lines: int
    engine: str
    notes: tuple[str, ...]
    expectations: tuple[Expectation, ...] = ()


def reproduce(bundle: Bundle, engine: str, renode: Path | None, on_stage: OnStage) -> Reproduced:
    """Play a bundle's samples to its firmware on the board of this installation.

    Raises UsageError for a bundle of a board or workload that cannot be, and as a board's run does.
    """
    manifest = bundle.manifest
    board = target.load(manifest.target)
    selected = selection.select(engine, renode)
    with bundle.opened() as (workload, firmware, adapter):
        sensor = workload.input.sensor if adapter is None else adapter.input.sensor or workload.input.sensor
        if sensor not in board.sensors:
            raise UsageError(
                f"The bundle plays into the {sensor}, which {board.name} does not have.",
                remedy="Is this platform the one that it was made on? The bundle names the lab's version.",
            )
        on_stage(f"playing {manifest.recording} on {board.name}")
        arriving = tuple(Arrived(one.time_s, one.hex) for one in bundle.arrived)
        how = Play(manifest.mode, adapter, manifest.mips, manifest.until, arriving)
        played = playing.play(selected, board, workload, firmware, bundle.samples, how)
        expectations = _expectations(bundle, workload, played)
    return Reproduced(
        difference.first(bundle.log, played.lines),
        len(played.lines),
        selected.name,
        tuple(_notes(bundle, platform.of(board), played)),
        expectations,
    )


def _expectations(bundle: Bundle, workload: Workload, played: PlayedBack) -> tuple[Expectation, ...]:
    """Of a replay that came to its end, with what was reported in this one. Times are those of its trace."""
    manifest = bundle.manifest
    if played.error is not None:
        return ()
    first_s = manifest.from_s
    wanted = [Expected(one.start_s - first_s, one.end_s - first_s, one.label) for one in manifest.expected]
    seconds = len(bundle.samples) / workload.input.rate_hz
    outcome = ReplayOutcome(0.0, seconds, "", played.inferences, (), None)
    by_inference = workload.task.of_states and bundle.adapter is None
    return tuple(
        Expectation(
            label=one.label,
            start_s=one.start_s,
            end_s=one.end_s,
            reported=tuple((first_s + time_s, label) for time_s, label in found.reported),
            passed=found.passed,
        )
        for one, found in zip(
            manifest.expected, checked(wanted, outcome, workload.background, by_inference=by_inference), strict=True
        )
    )


def _notes(bundle: Bundle, here: str, played: PlayedBack) -> list[str]:
    manifest = bundle.manifest
    said = [f"Made by lab {manifest.provenance.get('lab', '?')[:40]} on the engine {manifest.engine}"]
    if manifest.platform != here:
        said.append(
            f"The platform {manifest.target} is described otherwise here than where the bundle was made: "
            "what differs may be due to that"
        )
    if played.error is not None:
        said.append(f"The firmware failed: {played.error.message.rstrip('.')}")
    return said
