"""What two measurements have in common, where they are not of the same recordings.

A recording is common if both played it: same label, same samples, whatever its name. What is made over recordings is
made anew over the common ones. A cost that hardly depends on what is heard is compared without any: it is *steady*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab import metrics
from lab.metrics import Number
from lab.verdict.baseline import Baseline, Key, Values
from lab.verdict.policy import Rule


@dataclass(frozen=True)
class Common:
    """The values of the common recordings, in the same order on both sides."""

    before: Sequence[Values]
    now: Sequence[Values]
    renamed: Mapping[Key, Key]
    """The former name of each that has a new one."""

    def __len__(self) -> int:
        return len(self.before)

    def values(self, metric: str) -> tuple[Number, Number, int] | None:
        """The metric before and now, over those recordings that have one in both, and how many they are."""
        pairs = [(was.get(metric), has.get(metric)) for was, has in zip(self.before, self.now, strict=True)]
        known = [pair for pair in pairs if None not in pair]
        was, has = (metrics.over(metric, [pair[side] for pair in known]) for side in (0, 1))
        return None if was is None or has is None else (was, has, len(known))


def of(before: Baseline, now: Baseline) -> Common:
    """The recordings, or the parts of a stream, that both have."""
    was, has = before.by_recording, now.by_recording
    same = {key: key for key in was if key in has and was[key].stimulus == has[key].stimulus}
    renamed = _renamed(before, now)
    pairs = [*same.items(), *((former, name) for name, former in renamed.items())]
    return Common([was[key].values for key, _ in pairs], [has[key].values for _, key in pairs], renamed)


def _renamed(before: Baseline, now: Baseline) -> dict[Key, Key]:
    """Of the names that only one side has, those of one label and the same samples; none of a stream's parts."""
    was, has = before.by_recording, now.by_recording
    gone: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in was:
        if key not in has and before.clips:
            gone[key[0], was[key].stimulus].append(key)
    found: dict[Key, Key] = {}
    for key in has:
        if key not in was and (former := gone[key[0], has[key].stimulus]):
            found[key] = former.pop(0)
    return found


def is_steady(metric: str, rule: Rule, *sides: Baseline) -> bool:
    """Whether no recording of either side differs in the metric from another by more than the rule tolerates.

    False for what is no cost of a single recording, and where neither side has values by recording.
    """
    if metrics.by_name()[metric].over not in ("largest", "smallest"):
        return False
    values = [[one.values[metric] for one in side.by_recording.values() if metric in one.values] for side in sides]
    known = [[value for value in side if value is not None] for side in values if side]
    return bool(known) and all(side and _are_near(side, rule) for side in known)


def _are_near(values: Sequence[Number], rule: Rule) -> bool:
    least, most = min(values), max(values)
    return most - least <= max(rule.relative * abs(most), rule.absolute)
