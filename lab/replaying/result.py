"""The shape of `replay.json`, version 1. `replay.schema.json` beside this file is generated from it.

A field may be added within a version; a field that changes its meaning or goes away makes a new version.
"""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from pydantic import Field

from lab.outcomes.replay import Arrived, LogLine, ReplayedInference
from lab.outcomes.stream import Pace
from lab.replaying.comparing.first import PlayDifference
from lab.verdict.result import Error, Sensor, Verdict, Written


class Expectation(Written):
    """What was expected, from `start_s` to `end_s` of the trace, and what was reported then."""

    label: str | None
    """None where no event was to be reported."""
    start_s: float
    end_s: float
    reported: tuple[tuple[float, str], ...]
    """Seconds and label of each report in that time."""
    passed: bool


class Comparison(Written):
    """How the replay compares with another play of the same trace."""

    against: str
    """What it was told to be compared with."""
    inferences: int
    """Of both, so many were held against each other."""
    stages: tuple[str, ...]
    """What both tell of an inference, and was compared: samples, features, scores, decision, detection, losses."""
    difference: PlayDifference | None
    """The first; None if there is none."""


class ReplayResult(Written):
    """What `lab replay` found, whole or as far as it got. Times are seconds of the trace."""

    schema_: Literal["tinyml-device-lab/replay/1"] = Field(default="tinyml-device-lab/replay/1", alias="schema")
    verdict: Verdict
    """passed: everything was as expected, or nothing was expected. failed: something was not, or is not as in the other
    play, or the firmware faulted or fell silent. error, interrupted: as in `result.json`."""
    fingerprint: str | None
    """SHA-256 over ELF, stimulus, pace and every inference. None unless the replay came to its end."""
    workload: str
    target: str
    variant: str
    engine: str
    trace: str
    """Name of the file."""
    from_s: float
    to_s: float
    stimulus: str
    """SHA-256 over the samples that the sensor delivered, int16 little-endian."""
    sensor: Sensor
    labels: tuple[str, ...]
    """Of the workload; `scores` of an inference are in that order where there is one for each."""
    background: tuple[str, ...]
    """Labels that are no events."""
    threshold_is_share: bool
    """Whether scores are probabilities: 0 to 1 in steps of 1/255, -128 for 0."""
    pace: Pace | None
    """How fast virtual time passed; None where nobody can tell."""
    inferences: tuple[ReplayedInference, ...]
    arrived: tuple[Arrived, ...] = ()
    """What the board's UART received, of the trace and of whoever talked to it."""
    watched: tuple[str, ...] = ()
    """Variables of the firmware whose values each inference has, in that order."""
    until: str = ""
    """The condition with which it was to end; empty for the end of the trace."""
    expectations: tuple[Expectation, ...] = ()
    comparison: Comparison | None = None
    """None if it was compared with nothing."""
    log: tuple[LogLine, ...] = Field(default=(), exclude=True)
    """The device log; a file of its own in the folder."""
    notes: tuple[str, ...] = ()
    error: Error | None = None
    build: dict[str, str] = Field(default_factory=dict)
    """What the firmware was built with and from."""
    provenance: dict[str, str] = Field(default_factory=dict)
    options: tuple[str, ...] = ()
    """What `lab replay` was told besides the trace."""
    host_seconds: float
    """How long it took here; never decides a verdict."""

    @property
    def exit_code(self) -> int:
        """The exit code of `lab replay`: 0, 1, 2, 3 or 130."""
        if self.verdict == "interrupted":
            return 130
        if self.verdict == "error" and self.error:
            return self.error.exit_code
        return int(self.verdict != "passed")

    def to_json(self) -> str:
        """The text of `replay.json`."""
        return self.model_dump_json(indent=1, by_alias=True) + "\n"


def fingerprint(elf: bytes, stimulus: str, pace: Pace | None, inferences: tuple[ReplayedInference, ...]) -> str:
    """SHA-256 that is equal exactly when the same firmware was given the same samples and did the same with them."""
    told = [
        [one.begin_s, one.label, one.scores, one.samples_crc, one.features_crc, one.lost_samples, one.late]
        + [[found.label, found.score] for found in one.found]
        for one in inferences
    ]
    mips = pace.mips if pace else None
    content = {"elf": hashlib.sha256(elf).hexdigest(), "stimulus": stimulus, "mips": mips, "inferences": told}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
