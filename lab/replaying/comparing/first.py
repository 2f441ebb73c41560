"""The first inference, and the first stage of it, in which two plays of one trace differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from math import inf

from lab.outcomes.replay import ReplayedInference

STAGES = ("samples", "features", "scores", "decision", "detection", "losses")
"""In the order in which they are made: what differs in one is the cause of what differs behind it."""


@dataclass(frozen=True)
class PlayDifference:
    """`number` counts from 0; at `time_s` of the trace the inference began. With the stage "inference" one has none.

    `place` says where in the inference they part, with both values, or why nobody can tell that; "" if nobody looked.
    """

    number: int
    time_s: float
    stage: str
    here: str
    other: str
    place: str = ""

    def __str__(self) -> str:
        return (
            f"inference {self.number}, at {self.time_s:.3f} s, differs in its {self.stage}: "
            f"{self.here} here, {self.other} in the other" + (f"; {self.place}" if self.place else "")
        )


@dataclass(frozen=True)
class Compared:
    """What came of it: over how many inferences, which stages both plays tell, and the first difference, if any."""

    inferences: int
    stages: tuple[str, ...]
    difference: PlayDifference | None

    def at(self, place: str) -> Compared:
        """The same with the place of the difference."""
        return replace(self, difference=self.difference and replace(self.difference, place=place))


Pair = tuple[ReplayedInference | None, ReplayedInference | None]
Pairing = Callable[[Sequence[ReplayedInference], Sequence[ReplayedInference]], Iterable[Pair]]
"""Which inference of one play is held against which of the other."""


def in_order(here: Sequence[ReplayedInference], other: Sequence[ReplayedInference]) -> Iterable[Pair]:
    """The first against the first, and so on."""
    return zip_longest(here, other)


def compared(
    here: Sequence[ReplayedInference],
    other: Sequence[ReplayedInference],
    whole_until_s: float = inf,
    pairing: Pairing = in_order,
) -> Compared:
    """A stage that one of both does not tell is left out.

    One that a single play has is a difference if it began before `whole_until_s`: at the end of a trace a board may
    have been stopped just before it.
    """
    stages = tuple(stage for stage in STAGES if _tells(stage, here) and _tells(stage, other))
    pairs = list(pairing(here, other))
    difference = None
    for number, (one, another) in enumerate(pairs):
        difference = _of(one.number if one else number, one, another, stages)
        if difference is not None:
            if difference.stage == "inference" and difference.time_s >= whole_until_s:
                difference = None
            break
    return Compared(sum(None not in pair for pair in pairs), stages, difference)


def _of(
    number: int, one: ReplayedInference | None, another: ReplayedInference | None, stages: Sequence[str]
) -> PlayDifference | None:
    if one is None or another is None:
        here, other = (each.label if each else "none" for each in (one, another))
        begin_s = next(each.begin_s for each in (one, another) if each)
        return PlayDifference(number, begin_s, "inference", here, other)
    for stage in stages:
        values = _value(stage, one), _value(stage, another)
        if values[0] != values[1]:
            return PlayDifference(number, one.begin_s, stage, *values)
    return None


def _tells(stage: str, inferences: Sequence[ReplayedInference]) -> bool:
    """Whether a play says anything of a stage."""
    if stage == "samples":
        return any(one.samples_crc for one in inferences)
    if stage == "features":
        return any(one.features_crc for one in inferences)
    if stage == "scores":
        return any(one.scores for one in inferences)
    if stage in ("detection", "losses"):
        return any(one.cpu_load is not None for one in inferences)
    return True


def _value(stage: str, one: ReplayedInference) -> str:
    """What it says, as text."""
    if stage == "samples":
        return f"CRC {one.samples_crc}"
    if stage == "features":
        return f"CRC {one.features_crc}"
    if stage == "scores":
        return " ".join(map(str, one.scores))
    if stage == "decision":
        return one.label
    if stage == "detection":
        return ", ".join(found.label for found in one.found) or "none"
    late = ", its deadline missed" if one.late else ""
    return f"{one.lost_samples} samples lost{late}"
