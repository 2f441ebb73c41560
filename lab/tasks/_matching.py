"""Which detections are of which event: the rule is in docs/numbers.md, "Events and detections"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from lab.composing.event import Event
from lab.outcomes.stream import Detection, EventOutcome, Fate, Standing


def match(
    events: Iterable[Event], detected: Iterable[tuple[float, str, int]], late_s: float, background: Collection[str]
) -> tuple[tuple[EventOutcome, ...], tuple[Detection, ...]]:
    """What became of each event, and what each detection was, both in the order of time.

    A detection is a time in seconds of the stream, a label and a score. It is of an event if it comes between its start
    and `late_s` after its end: with the event's label the event is heard, once. Labels of the background are no events.
    """
    happened = list(events)
    heard: dict[int, Detection] = {}
    detections = []
    for time_s, label, score in sorted(detected):
        near = [index for index, event in enumerate(happened) if event.start_s < time_s <= event.end_s + late_s]
        same = [index for index in near if happened[index].label == label]
        free = [index for index in same if index not in heard]
        if free:
            delay_ms = (time_s - happened[free[0]].end_s) * 1000
            found = Detection(time_s, label, score, "right", free[0], delay_ms)
            heard[free[0]] = found
        else:
            standing, index = _falsely(happened, near, same, background)
            found = Detection(time_s, label, score, standing, index, None)
        detections.append(found)
    fates = (_fate(index, event, heard.get(index), detections, background) for index, event in enumerate(happened))
    outcomes = (EventOutcome(event, *fate) for event, fate in zip(happened, fates, strict=True))
    return tuple(outcomes), tuple(detections)


def _falsely(
    events: Sequence[Event], near: Sequence[int], same: Sequence[int], background: Collection[str]
) -> tuple[Standing, int | None]:
    """Why it is no event that happened, and which one it may have been taken from: the last that had begun."""
    if same:
        return "again", same[-1]
    if near:
        return ("unknown" if events[near[-1]].label in background else "wrong"), near[-1]
    return "nothing", None


def _fate(
    index: int,
    event: Event,
    right: Detection | None,
    detections: Iterable[Detection],
    background: Collection[str],
) -> tuple[Fate, float | None, str | None]:
    taken = next((one.label for one in detections if one.event == index), None)
    if event.label in background:
        return ("ignored" if taken is None else "taken"), None, taken
    if right is not None:
        return "heard", right.delay_ms, event.label
    return ("missed" if taken is None else "mistaken"), None, taken
