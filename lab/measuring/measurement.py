"""What was measured: the values that `measuring` hands to `verdict`, frozen and free of any rendering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError
from lab.metrics import Mode, Quantity, Values, defined
from lab.outcomes.memory import Footprint
from lab.outcomes.recording import ClipOutcome, SkippedClip
from lab.outcomes.stream import StreamOutcome
from lab.workload import Limit


@dataclass(frozen=True)
class OwnLimits:
    """Limits that come with the firmware and hold in the place of the workload's; `[limits]` of `file` has them."""

    file: Path
    limits: Mapping[str, Limit]


@dataclass(frozen=True)
class Measurement:
    """One workload on one target, as far as it got: `error` tells what ended it early, if anything did.

    `provenance` says what took part whatever the workload, `build` what this firmware was made with and from, `options`
    what `lab run` has to be told besides workload and target. A partial one played only those recordings that the
    request named. `untold` are metrics that a firmware of somebody else's gives no way to know. One of a stream has no
    `clips`, and its variant ends in `-stream`. `by_clip` says, in the order of `clips` or of the stream's parts, what
    each has of the metrics that are made over recordings. `event` is what people call what a stream is made of.
    """

    workload: str
    target: str
    variant: str
    engine: str
    hardware_faithful: bool
    source: str
    clips: tuple[ClipOutcome, ...]
    skipped: tuple[SkippedClip, ...]
    notes: tuple[str, ...]
    memory: Footprint
    metrics: dict[str, Quantity]
    fingerprint: str
    labels: tuple[str, ...]
    provenance: dict[str, str]
    build: dict[str, str]
    host_seconds: float
    error: LabError | None = None
    interrupted: bool = False
    partial: bool = False
    firmware: Path | None = None
    map: Path | None = None
    options: tuple[str, ...] = ()
    untold: frozenset[str] = frozenset()
    own_limits: OwnLimits | None = None
    stream: StreamOutcome | None = None
    by_clip: tuple[Values, ...] = ()
    task: str = "detection"
    event: str = "word"

    @property
    def mode(self) -> Mode:
        """What was played: recordings one by one, or a stream."""
        return "clip" if self.stream is None else "stream"

    @property
    def not_counted(self) -> frozenset[str]:
        """Metrics without a value because the firmware does not tell them, or the engine counts no cycles."""
        counted = not self.clips or any(clip.awake_cycles is not None for clip in self.clips)
        of_cycles = () if counted else (name for name, metric in defined("clip").items() if metric.of_cycles)
        return self.untold.union(of_cycles)
