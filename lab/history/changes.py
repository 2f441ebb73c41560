"""Each run's metrics against the run before that they can be compared with, by the rules of the regression policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.history.entries import Entry
from lab.verdict.policy import Need, Policy, Rule
from lab.verdict.result import Change

Changes = Mapping[str, Change]

_EVERYTHING: tuple[Need, ...] = ("toolchain", "recordings", "cost_model")


def key(entry: Entry, rule: Rule | None) -> tuple[str | None, ...]:
    """Equal for two runs whose values can be compared; a metric that no rule is for needs everything to be equal."""
    return (*entry.series, *(_identity(entry, need) for need in _needs(rule)))


def differing(before: Entry, now: Entry, rule: Rule | None) -> list[str]:
    """What keeps the values of two runs from being compared, in words; empty if nothing does."""
    return [need.replace("_", " ") for need in _needs(rule) if _identity(before, need) != _identity(now, need)]


def of(entries: Sequence[Entry], policy: Policy) -> list[Changes]:
    """For each of `entries` (newest first): its metrics against the latest earlier run that they compare with.

    A metric that only runs before it have which do not compare has no value before, and `why` says what differs.
    """
    comparable: dict[tuple[str, tuple[str | None, ...]], float] = {}
    previous: dict[tuple[str, tuple[str, str, str]], Entry] = {}
    found: list[Changes] = []
    for entry in reversed(entries):
        changes = {}
        for name, metric in entry.metrics.items():
            if metric.value is None:
                continue
            rule = policy.metrics.get(name)
            alike, line = (name, key(entry, rule)), (name, entry.series)
            if alike in comparable:
                changes[name] = _change(name, comparable[alike], metric.value, rule)
            elif line in previous:
                why = f"other {' and '.join(differing(previous[line], entry, rule))}"
                changes[name] = Change(metric=name, before=None, now=metric.value, standing="not comparable", why=why)
            comparable[alike], previous[line] = metric.value, entry
        found.append(changes)
    return found[::-1]


def _change(name: str, before: float, now: float, rule: Rule | None) -> Change:
    if rule is None:
        return Change(metric=name, before=before, now=now, standing="not comparable", why="no rule in the policy")
    standing, why = rule.standing(before, now), f"tolerated: {rule.tolerated(before).in_words(name)}"
    return Change(metric=name, before=before, now=now, standing=standing, why=why)


def _needs(rule: Rule | None) -> tuple[Need, ...]:
    return _EVERYTHING if rule is None else rule.needs


def _identity(entry: Entry, need: Need) -> str | None:
    return {"toolchain": entry.toolchain_hash, "recordings": entry.stimuli, "cost_model": entry.cost_model}[need]
