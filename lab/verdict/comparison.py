"""Numbers against earlier ones: better, same, worse, or not comparable and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from lab.metrics import Need
from lab.outcomes.variant import is_of_stream
from lab.verdict import common
from lab.verdict.baseline import Baseline, Key
from lab.verdict.common import Common
from lab.verdict.policy import Policy, Rule
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
    shared = common.of(before, now) if _RECORDINGS in changed else None
    changes = tuple(
        _change(name, before, now, policy.metrics.get(name), changed, shared)
        for name in dict.fromkeys((*before.metrics, *now.metrics))
    )
    clips = tuple(_clips(before, now, {} if shared is None else shared.renamed))
    standing = _of_all(change.standing for change in changes)
    return Comparison(
        against=against,
        standing=standing,
        why="; ".join(filter(None, (_why(standing, changes, changed), _said_of_recordings(shared, clips, now)))),
        changes=changes,
        clips=clips,
        identities=identities,
        sizes=tuple(_sizes(before, now)),
        common=None if shared is None else len(shared),
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
    before: Baseline,
    now: Baseline,
    rule: Rule | None,
    changed: Mapping[str, IdentityChange],
    shared: Common | None,
) -> Change:
    was, has = (side.metrics[name].value if name in side.metrics else None for side in (before, now))
    change = Change(metric=name, before=was, now=has, standing="not comparable", why="no rule in the policy")
    if rule is None:
        return change
    others = [changed[_KEYS[need]] for need in rule.needs if _KEYS[need] in changed]
    if any(one.name != _RECORDINGS for one in others):
        return change.model_copy(update={"why": " and ".join(map(_said, others))})
    if was is None or has is None:
        fails = was is not None and rule.missing == "fail"
        why = "no earlier value" if was is None else "no value now"
        return change.model_copy(update={"standing": "worse" if fails else "not comparable", "why": why})
    besides = ""
    if others:
        over_common = shared.values(name) if shared is not None else None
        if over_common is not None:
            was, has, over = over_common
            change = change.model_copy(update={"before": was, "now": has, "recordings": over})
        elif common.is_steady(name, rule, before, now):
            besides = "; hardly depends on the recordings"
        else:
            return change.model_copy(update={"why": _said(changed[_RECORDINGS])})
    tolerated = f"tolerated: {rule.tolerated(was).in_words(name)}{besides}"
    return change.model_copy(update={"standing": rule.standing(was, has), "why": tolerated})


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


def _said_of_recordings(shared: Common | None, clips: Sequence[ClipChange], now: Baseline) -> str:
    """`over 242 common recordings; 1 new`, where the two played other ones; nothing if none is common."""
    if not shared:
        return ""
    counts = {
        "renamed": len(shared.renamed),
        "new": sum(clip.before is None for clip in clips),
        "no longer played": sum(clip.now is None for clip in clips),
        "with other samples": sum(clip.other_samples for clip in clips),
    }
    of = "part" if is_of_stream(now.variant) else "recording"
    others = [f"{count:,} {what}" for what, count in counts.items() if count]
    return ", ".join([f"over {len(shared):,} common {of}{'s' * (len(shared) > 1)}", *others])


def _clips(before: Baseline, now: Baseline, renamed: Mapping[Key, Key]) -> Iterator[ClipChange]:
    """By label and name, a new one where it was renamed. Nothing for two sets of recordings that have none in common.

    What a partial run did not play is not gone.
    """
    was, has = _decisions(before), _decisions(now)
    for name, former in renamed.items():
        was[name] = was.pop(former)
    if not was.keys() & has.keys():
        return
    is_partial = before.recordings.partial or now.recordings.partial
    for key in sorted(was.keys() & has.keys() if is_partial else was.keys() | has.keys()):
        stimuli = _stimulus(before, key), _stimulus(now, key)
        is_other = None not in stimuli and stimuli[0] != stimuli[1]
        if is_other or was.get(key) != has.get(key):
            label, clip = key
            yield ClipChange(clip=clip, label=label, before=was.get(key), now=has.get(key), other_samples=is_other)


def _stimulus(baseline: Baseline, key: Key) -> str | None:
    return baseline.by_recording[key].stimulus if key in baseline.by_recording else None


def _decisions(baseline: Baseline) -> dict[Key, str]:
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
