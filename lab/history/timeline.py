"""The axis of a plot: commits in the order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lab.history import commits
from lab.history.entries import Entry


@dataclass(frozen=True)
class Timeline:
    """`entries` from left to right, at `positions` (0, 1, 2...; runs of one commit share theirs), named by `labels`."""

    entries: tuple[Entry, ...]
    positions: tuple[int, ...]
    labels: tuple[str, ...]


def of(entries: Sequence[Entry]) -> Timeline:
    """Runs by the time of their commit, where git knows it, else by their own.

    Runs with uncommitted changes, or outside of git, share a place only across workloads, targets and variants: the
    second of a series may be of other changes.
    """
    made = commits.times({entry.commit for entry in entries if entry.commit and not entry.dirty})
    runs_at: dict[tuple[object, ...], list[Entry]] = {}
    repeated: Counter[tuple[object, ...]] = Counter()
    for entry in sorted(entries, key=lambda entry: entry.time):
        place: tuple[object, ...] = (entry.commit,)
        if entry.dirty or not entry.commit:
            repeated[place, entry.series] += 1
            place = (entry.commit, repeated[place, entry.series])
        runs_at.setdefault(place, []).append(entry)
    runs = sorted(runs_at.values(), key=_time_of_place(made))
    return Timeline(
        entries=tuple(entry for together in runs for entry in together),
        positions=tuple(position for position, together in enumerate(runs) for _ in together),
        labels=tuple(together[0].commit_shown or f"{together[0].time:%m-%d %H:%M}" for together in runs),
    )


def _time_of_place(made: Mapping[str, datetime]) -> Callable[[Sequence[Entry]], datetime]:
    def time(together: Sequence[Entry]) -> datetime:
        first = together[0]
        return first.time if first.dirty else made.get(first.commit or "", first.time)

    return time
