"""Which alarms of a stream are of a fault: the rule is in docs/numbers.md, "Faults and alarms"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lab.composing.event import Event
from lab.decisions.anomaly import ANOMALY
from lab.outcomes.stream import Detection, EventOutcome, Fate, PartOutcome


def match(parts: Sequence[PartOutcome], late_s: float) -> tuple[tuple[EventOutcome, ...], tuple[Detection, ...]]:
    """What became of each stretch, and what each alarm was, both in the order of time.

    A fault is heard if an alarm comes between its beginning and `late_s` after its end: a device that averages goes on
    for a while. Every such alarm is right, and the first one has a delay, from the beginning of the fault. All others
    are of what is normal, and false.
    """
    events = [event for part in parts for event in part.events]
    found = [_alarm(one, events, late_s) for part in parts for one in sorted(part.detected)]
    first = {one.event: one for one in reversed(found)}
    alarms = (one if one is first[one.event] else replace(one, delay_ms=None) for one in found)
    return tuple(_outcomes(events, first)), tuple(alarms)


def _alarm(detected: tuple[float, str, int], events: Sequence[Event], late_s: float) -> Detection:
    """As if it were the first of its stretch."""
    time_s, label, score = detected
    began = [index for index, event in enumerate(events) if event.start_s < time_s]
    for index in reversed(began):
        event = events[index]
        if event.label == ANOMALY and time_s <= event.end_s + late_s:
            return Detection(time_s, label, score, "right", index, (time_s - event.start_s) * 1000)
    return Detection(time_s, label, score, "wrong", began[-1] if began else None, None)


def _outcomes(events: Sequence[Event], first: Mapping[int | None, Detection]) -> Iterator[EventOutcome]:
    for index, event in enumerate(events):
        alarm = first.get(index)
        fates: tuple[Fate, Fate] = ("heard", "missed") if event.label == ANOMALY else ("taken", "ignored")
        yield EventOutcome(
            event,
            fates[0] if alarm else fates[1],
            alarm.delay_ms if alarm else None,
            alarm.label if alarm else None,
        )
