"""Two runs, or a baseline and a run, side by side: which parts can be paired, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from lab.errors import UsageError
from lab.outcomes.variant import is_of_stream
from lab.verdict import baseline
from lab.verdict.baseline import Baseline, Pair
from lab.verdict.comparison import compare
from lab.verdict.policy import Policy
from lab.verdict.result import Comparison, IdentityChange, Result, Run


@dataclass(frozen=True)
class Side:
    """One of the two: `name` is what the user calls it, `git` the commit, empty for a baseline.

    `runs` has the same keys as `measured`, or none for a baseline.
    """

    name: str
    measured: Mapping[Pair, Baseline]
    runs: Mapping[Pair, Run] = field(default_factory=dict)
    git: str = ""
    unfinished: tuple[str, ...] = ()

    @classmethod
    def of_result(cls, name: str, result: Result) -> Side:
        """The runs of a result that finished."""
        finished = {baseline.pair_of(run): run for run in result.runs if baseline.is_finished(run)}
        return cls(
            name=name,
            measured={pair: baseline.of(run) for pair, run in finished.items()},
            runs=finished,
            git=result.provenance.get("git", ""),
            unfinished=tuple(f"{run.workload} on {run.target}" for run in result.runs if not baseline.is_finished(run)),
        )

    @classmethod
    def of_baseline(cls, name: str, golden: Baseline) -> Side:
        """A baseline alone."""
        return cls(name=name, measured={golden.pair: golden})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ClipCount(_Part):
    """A recording whose inference takes another number of instructions than before."""

    clip: str
    label: str
    before: int
    now: int


class Pairing(_Part):
    """One workload on one target on both sides; `variant` is `reference → cmsis-nn` where the two differ in it."""

    workload: str
    target: str
    variant: str
    comparison: Comparison
    counted: int
    """Recordings whose instructions are known on both sides: none if one side is a baseline."""
    instructions: tuple[ClipCount, ...]

    @property
    def name(self) -> str:
        """`keyword-spotting on nano33ble`, with the variant if it is not the default."""
        return _name((self.workload, self.target, self.variant))


class SideBySide(_Part):
    """All that two sides have in common, and the names of what only one of them has."""

    before: str
    now: str
    pairs: tuple[Pairing, ...]
    only_before: tuple[str, ...]
    only_now: tuple[str, ...]

    @property
    def is_worse(self) -> bool:
        """Whether a metric of any pair is worse than the policy tolerates."""
        return any(pair.comparison.standing == "worse" for pair in self.pairs)


def side_by_side(before: Side, now: Side, policy: Policy) -> SideBySide:
    """Pair the two sides by workload, target and variant; by workload and target where no variant is on both sides.

    Raises UsageError if they have no pair in common.
    """
    pairs = {pair: pair for pair in before.measured if pair in now.measured} or _across_variants(before, now)
    if not pairs:
        raise UsageError(
            f"{before.name} and {now.name} have nothing to compare: {_has(before)}; {_has(now)}.",
            remedy="Name two runs of the same workload on the same target that both finished.",
            code="nothing-to-compare",
        )
    return SideBySide(
        before=before.name,
        now=now.name,
        pairs=tuple(_pairing(was, has, before, now, policy) for was, has in pairs.items()),
        only_before=tuple(_name(pair) for pair in before.measured if pair not in pairs),
        only_now=tuple(_name(pair) for pair in now.measured if pair not in pairs.values()),
    )


def _across_variants(before: Side, now: Side) -> dict[Pair, Pair]:
    """What is on both sides in one variant each, and these differ: the same firmware with other kernels.

    A stream has nothing to be compared with but another stream.
    """
    was, has = ({_place(pair): pair for pair in side.measured if _is_alone(pair, side)} for side in (before, now))
    return {was[place]: has[place] for place in was if place in has}


def _is_alone(pair: Pair, side: Side) -> bool:
    return sum(_place(other) == _place(pair) for other in side.measured) == 1


def _place(pair: Pair) -> tuple[str, str, bool]:
    """Workload, target, and whether it was a stream."""
    workload, target, variant = pair
    return workload, target, is_of_stream(variant)


def _pairing(pair: Pair, pair_now: Pair, before: Side, now: Side, policy: Policy) -> Pairing:
    comparison = compare(before.measured[pair], now.measured[pair_now], policy, against=before.name)
    if before.git and now.git and before.git != now.git:
        git = IdentityChange(name="git", before=before.git, now=now.git)
        comparison = comparison.model_copy(update={"identities": (git, *comparison.identities)})
    workload, target, variant = pair
    was, has = _instructions(before.runs.get(pair)), _instructions(now.runs.get(pair_now))
    both = [key for key in was if key in has]
    return Pairing(
        workload=workload,
        target=target,
        variant=variant if pair == pair_now else f"{variant} → {pair_now[2]}",
        comparison=comparison,
        counted=len(both),
        instructions=tuple(
            ClipCount(label=label, clip=clip, before=was[label, clip], now=has[label, clip])
            for label, clip in both
            if was[label, clip] != has[label, clip]
        ),
    )


def _instructions(run: Run | None) -> dict[tuple[str, str], int]:
    if run is None:
        return {}
    return {(clip.label, clip.clip): clip.instructions for clip in run.clips if clip.instructions is not None}


def _has(side: Side) -> str:
    parts = [f"{side.name} has {', '.join(map(_name, side.measured)) or 'nothing that finished'}"]
    if side.unfinished:
        parts.append(f"did not finish {', '.join(side.unfinished)}")
    return " and ".join(parts)


def _name(pair: Pair) -> str:
    workload, target, variant = pair
    return f"{workload} on {target}" + (f" ({variant})" if variant != "default" else "")
