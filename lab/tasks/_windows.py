"""Which inferences of a stream are about what: one whose window lies within one event is of that event's label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from lab.composing.stream import Event
from lab.outcomes.stream import EventOutcome, Fate, Inferred, PartOutcome, Window
from lab.tasks._task import Judged, Rules

_ROUNDING_S = 1e-6


def judged(parts: Sequence[PartOutcome], rules: Rules) -> Judged:
    """Each inference with its truth, and each event by most of its inferences."""
    windows: list[Window] = []
    events: list[EventOutcome] = []
    for part in parts:
        about: list[list[str]] = [[] for _ in part.events]
        for one in part.inferred:
            index = _about(one, part.events, rules.window_s)
            windows.append(Window(one.time_s, None if index is None else part.events[index].label, *_said(one)))
            if index is not None:
                about[index].append(one.label)
        events += _outcomes(part.events, about)
    return Judged(tuple(events), windows=tuple(windows))


def _said(one: Inferred) -> tuple[str, tuple[int, ...]]:
    return one.label, one.scores


def _about(one: Inferred, events: Sequence[Event], window_s: float) -> int | None:
    """The event that all of its window is of; none where it reaches beyond by more than what rounding makes."""
    for index, event in enumerate(events):
        if event.start_s <= one.time_s - window_s + _ROUNDING_S and one.time_s <= event.end_s + _ROUNDING_S:
            return index
    return None


def _outcomes(events: Sequence[Event], about: Sequence[Sequence[str]]) -> Iterator[EventOutcome]:
    for event, decided in zip(events, about, strict=True):
        taken = Counter(decided).most_common(1)[0][0] if decided else None
        yield EventOutcome(event, _fate(event, decided), None, taken)


def _fate(event: Event, decided: Sequence[str]) -> Fate:
    """Heard if more than half of its inferences were right; missed if none was about it alone."""
    if not decided:
        return "missed"
    return "heard" if 2 * decided.count(event.label) > len(decided) else "mistaken"
