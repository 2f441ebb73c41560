"""Numbers against earlier ones: better, same, worse, or not comparable and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from lab.measuring.measurement import Metric
from lab.verdict.baseline import Baseline
from lab.verdict.policy import Need, Policy, Rule
from lab.verdict.result import Change, ClipChange, Comparison, IdentityChange, SizeChange, Standing

_WEIGHTIEST_FIRST: tuple[Standing, ...] = ("worse", "better", "same", "not comparable")
_MOVED: tuple[Standing, ...] = ("worse", "better")
_SHOWN_DIGITS = 8  # of a hash
_RECORDINGS = "recordings"
_KEYS: dict[Need, str] = {"toolchain": "toolchain_hash", "recordings": _RECORDINGS, "cost_model": "cost_model"}
_WORDS: dict[str, str] = {"toolchain_hash": "another toolchain", _RECORDINGS: "other recordings"}


def compare(before: Baseline, now: Baseline, policy: Policy, *, against: str) -> Comparison:
    """What became of each metric, recording and symbol. `against` names where `before` is kept."""
    identities = tuple(_identities(before, now))
    changed = {one.name: one for one in identities}
    changes = tuple(
        _change(name, before.metrics.get(name), now.metrics.get(name), policy.metrics.get(name), changed)
        for name in dict.fromkeys((*before.metrics, *now.metrics))
    )
    standing = _of_all(change.standing for change in changes)
    return Comparison(
        against=against,
        standing=standing,
        why=_why(standing, changes, changed),
        changes=changes,
        clips=tuple(_clips(before, now)),
        identities=identities,
        sizes=tuple(_sizes(before, now)),
    )


def nothing_to_compare(against: str, why: str) -> Comparison:
    """A comparison that cannot be made at all."""
    return Comparison(against=against, standing="not comparable", why=why, changes=(), clips=())


def _identities(before: Baseline, now: Baseline) -> Iterator[IdentityChange]:
    was, has = ({**one.build, _RECORDINGS: one.recordings.stimuli} for one in (before, now))
    for name in dict.fromkeys((*was, *has)):
        if was.get(name) != has.get(name):
            yield IdentityChange(name=name, before=was.get(name), now=has.get(name))


def _change(
    name: str,
    before: Metric | None,
    now: Metric | None,
    rule: Rule | None,
    changed: Mapping[str, IdentityChange],
) -> Change:
    was, has = (None if metric is None else metric.value for metric in (before, now))

    def stands(standing: Standing, why: str) -> Change:
        return Change(metric=name, before=was, now=has, standing=standing, why=why)

    if rule is None:
        return stands("not comparable", "no rule in the policy")
    others = [changed[_KEYS[need]] for need in rule.needs if _KEYS[need] in changed]
    if others:
        return stands("not comparable", " and ".join(map(_said, others)))
    if was is None:
        return stands("not comparable", "no earlier value")
    if has is None:
        return stands("worse" if rule.missing == "fail" else "not comparable", "no value now")
    bounds = rule.tolerated(was)
    return stands(rule.standing(was, has), f"tolerated: {bounds}")


def _said(change: IdentityChange) -> str:
    """`another toolchain: 71f65383 before, 0a1b2c3d now`"""
    before, now = (value[:_SHOWN_DIGITS] if value else "none" for value in (change.before, change.now))
    if change.name not in _WORDS:
        before, now = change.before or "none", change.now or "none"
    return f"{_WORDS.get(change.name, f'another {change.name}'.replace('_', ' '))}: {before} before, {now} now"


def _of_all(standings: Iterable[Standing]) -> Standing:
    return min(standings, key=_WEIGHTIEST_FIRST.index, default="not comparable")


def _why(standing: Standing, changes: Sequence[Change], changed: Mapping[str, IdentityChange]) -> str:
    """The metrics that make the standing, then the others that moved or cannot be compared, and why."""
    moved: dict[Standing, list[str]] = defaultdict(list)
    incomparable: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if change.standing == "not comparable":
            incomparable[change.why].append(change.metric)
        else:
            moved[change.standing].append(change.metric)
    parts = [f"{one}: {', '.join(moved[one])}" for one in _MOVED if one in moved]
    parts += [f"not comparable: {', '.join(names)} ({why})" for why, names in incomparable.items()]
    if "model" in changed:
        parts.append(_said(changed["model"]))
    return "; ".join(parts).removeprefix(f"{standing}: ")  # which whoever shows it says first


def _clips(before: Baseline, now: Baseline) -> Iterator[ClipChange]:
    """By label and name. Nothing for two sets of recordings that have none in common."""
    was, has = _decisions(before), _decisions(now)
    if not was.keys() & has.keys():
        return
    for label, clip in sorted(was.keys() | has.keys()):
        key = label, clip
        if was.get(key) != has.get(key):
            yield ClipChange(clip=clip, label=label, before=was.get(key), now=has.get(key))


def _decisions(baseline: Baseline) -> dict[tuple[str, str], str]:
    return {
        (label, clip): decided for label, decisions in baseline.clips.items() for clip, decided in decisions.items()
    }


def _sizes(before: Baseline, now: Baseline) -> Iterator[SizeChange]:
    sections = [{(name, "", ""): size for name, size in one.sections.items()} for one in (before, now)]
    yield from _resized("section", *sections)
    if not (before.symbols and now.symbols):
        return
    symbols = [_symbols(one) for one in (before, now)]
    yield from _resized("library", *map(_by_library, symbols))
    yield from _resized("symbol", *symbols)


_Sizes = Mapping[tuple[str, str, str], int]


def _symbols(baseline: Baseline) -> _Sizes:
    return {
        (name, section, library): size
        for section, libraries in baseline.symbols.items()
        for library, names in libraries.items()
        for name, size in names.items()
    }


def _by_library(symbols: _Sizes) -> _Sizes:
    totals: Counter[tuple[str, str, str]] = Counter()
    for (_, _, library), size in symbols.items():
        totals[library, "", ""] += size
    return totals


def _resized(kind: Literal["section", "library", "symbol"], before: _Sizes, now: _Sizes) -> list[SizeChange]:
    changes = [
        SizeChange(kind=kind, name=key[0], section=key[1], library=key[2], before=before.get(key), now=now.get(key))
        for key in sorted(before.keys() | now.keys())
        if before.get(key) != now.get(key)
    ]
    return sorted(changes, key=lambda change: -abs(change.growth))
