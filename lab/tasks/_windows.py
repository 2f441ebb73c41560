"""Which inferences of a stream are about what: one whose window lies within one event is of that event's label."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from lab.composing.event import Event
from lab.outcomes.stream import EventOutcome, Fate, PartOutcome, Window
from lab.tasks._task import Judged, Rules

_ROUNDING_S = 1e-6


def windows(parts: Sequence[PartOutcome], rules: Rules) -> Iterator[tuple[int | None, Window]]:
    """Each inference, with the index among the events of all parts that it is about: all of its window is of that one.

    None where it reaches beyond by more than what rounding makes. Events do not overlap.
    """
    events = [event for part in parts for event in part.events]
    starts = [event.start_s for event in events]
    for one in (one for part in parts for one in part.inferred):
        began = bisect_right(starts, one.time_s - rules.window_s + _ROUNDING_S) - 1
        about = began if began >= 0 and one.time_s <= events[began].end_s + _ROUNDING_S else None
        yield about, Window(one.time_s, None if about is None else events[about].label, one.label, one.scores)


def judged(parts: Sequence[PartOutcome], rules: Rules) -> Judged:
    """Each inference with its truth, and each event by most of its inferences."""
    found = list(windows(parts, rules))
    events = [event for part in parts for event in part.events]
    decided: list[list[str]] = [[] for _ in events]
    for index, window in found:
        if index is not None:
            decided[index].append(window.decided)
    outcomes = (_outcome(event, labels) for event, labels in zip(events, decided, strict=True))
    return Judged(tuple(outcomes), windows=tuple(window for _, window in found))


def _outcome(event: Event, decided: Sequence[str]) -> EventOutcome:
    taken = Counter(decided).most_common(1)[0][0] if decided else None
    return EventOutcome(event, _fate(event, decided), None, taken)


def _fate(event: Event, decided: Sequence[str]) -> Fate:
    """Heard if more than half of its inferences were right; missed if none was about it alone."""
    if not decided:
        return "missed"
    return "heard" if 2 * decided.count(event.label) > len(decided) else "mistaken"
