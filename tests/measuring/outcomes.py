"""Outcomes of recordings for tests, one word apart from each other."""

from dataclasses import replace
from pathlib import Path

from lab.outcomes.recording import ClipOutcome

YES = ClipOutcome(
    clip="yes/a.flac",
    path=Path("recordings/yes/a.flac"),
    label="yes",
    stimulus="00",
    decided="yes",
    scores=(-128, 127),
    host_scores=(-128, 127),
    samples_crc="11111111",
    features_crc="22222222",
    instructions=1000,
    cycles=1500,
    time_ns=1_000_000,
    awake_cycles=2000,
    cpu_load=0.25,
    stack_used=512,
    lost_samples=0,
    late_inferences=0,
    difference=None,
)


def outcome(**changes: object) -> ClipOutcome:
    """`YES` with some fields changed."""
    return replace(YES, **changes)  # type: ignore[arg-type]
