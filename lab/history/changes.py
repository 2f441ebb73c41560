"""Each run's metrics against the run before that they can be compared with, by the rules of the regression policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Column

from lab.history.entries import Condition, Earlier, Entry
from lab.history.tables import RUNS
from lab.metrics import Need
from lab.verdict.policy import Policy, Rule
from lab.verdict.result import Change

Changes = Mapping[str, Change]

_COLUMNS: dict[Need, Column[Any]] = {
    "toolchain": RUNS.c.toolchain_hash,
    "recordings": RUNS.c.stimuli,
    "cost_model": RUNS.c.cost_model,
}
_EVERYTHING: tuple[Need, ...] = ("toolchain", "recordings", "cost_model")


class Identity(Protocol):
    """What a run is compared by."""

    @property
    def toolchain_hash(self) -> str | None:
        """Of the compiler and what belongs to it."""

    @property
    def stimuli(self) -> str:
        """Of what was played."""

    @property
    def cost_model(self) -> str | None:
        """The table of cycles."""


class Rest(Protocol):
    """The runs that are not at hand."""

    def earlier(self, entry: Entry, metric: str, *alike: Condition) -> Earlier | None:
        """The latest value of a metric in a run of the entry's series before it."""


def key(entry: Entry, rule: Rule | None) -> tuple[str | None, ...]:
    """Equal for two runs whose values can be compared; a metric that no rule is for needs everything to be equal."""
    return (*entry.series, *(_identity(entry, need) for need in _needs(rule)))


def differing(before: Identity, now: Identity, rule: Rule | None) -> list[str]:
    """What keeps the values of two runs from being compared, in words; empty if nothing does."""
    return [need.replace("_", " ") for need in _needs(rule) if _identity(before, need) != _identity(now, need)]


def of(entries: Sequence[Entry], policy: Policy, rest: Rest | None = None, *, gapless: bool = True) -> list[Changes]:
    """For each of `entries` (newest first): its metrics against the latest earlier run that they compare with.

    A metric that only runs before it have which do not compare has no value before, and `why` says what differs.
    `rest` is where earlier runs are looked up that are not among `entries`; `gapless` is as in Choice.
    """
    comparable: dict[tuple[str, tuple[str | None, ...]], float] = {}
    previous: dict[tuple[str, tuple[str, str, str]], Identity] = {}
    found: list[Changes] = []
    for entry in reversed(entries):
        changes = {}
        for name, metric in entry.metrics.items():
            if metric.value is None:
                continue
            rule = policy.metrics.get(name)
            alike, line = (name, key(entry, rule)), (name, entry.series)
            before = comparable.get(alike) if gapless else None
            if before is None and rest is not None and (earlier := rest.earlier(entry, name, *_alike(entry, rule))):
                before = earlier.value
            last: Identity | None = previous.get(line) if gapless else None
            if before is None and last is None and rest is not None:
                last = rest.earlier(entry, name)
            if before is not None:
                changes[name] = _change(name, before, metric.value, rule)
            elif last is not None:
                why = f"other {' and '.join(differing(last, entry, rule))}"
                changes[name] = Change(metric=name, before=None, now=metric.value, standing="not comparable", why=why)
            comparable[alike], previous[line] = metric.value, entry
        found.append(changes)
    return found[::-1]


def _alike(entry: Entry, rule: Rule | None) -> Iterator[Condition]:
    """What a row must be so that its value compares with that of the entry."""
    for need in _needs(rule):
        yield _COLUMNS[need].is_not_distinct_from(_identity(entry, need))


def _change(name: str, before: float, now: float, rule: Rule | None) -> Change:
    if rule is None:
        return Change(metric=name, before=before, now=now, standing="not comparable", why="no rule in the policy")
    standing, why = rule.standing(before, now), f"tolerated: {rule.tolerated(before).in_words(name)}"
    return Change(metric=name, before=before, now=now, standing=standing, why=why)


def _needs(rule: Rule | None) -> tuple[Need, ...]:
    return _EVERYTHING if rule is None else rule.needs


def _identity(entry: Identity, need: Need) -> str | None:
    return {"toolchain": entry.toolchain_hash, "recordings": entry.stimuli, "cost_model": entry.cost_model}[need]
