"""How well a device that listens on and on detects what happens.

A model's answers do not move by themselves, so these move when model, features or settings change.
"""

from __future__ import annotations

from statistics import median

from lab.metrics._metric import Evidence, OfStream, Streamed, Tolerance

_EVENTS: frozenset[Evidence] = frozenset({"events"})


def _miss_rate(played: Streamed) -> float | None:
    missed = [event.fate != "heard" for event in played.stream.events if event.fate not in ("ignored", "taken")]
    return sum(missed) / len(missed) if missed else None


def _false_accepts(played: Streamed) -> float | None:
    falsely = sum(one.standing != "right" for one in played.stream.detections)
    return falsely / played.stream.seconds * 3600 if played.stream.seconds else None


def _delays(played: Streamed) -> list[float]:
    return [one.delay_ms for one in played.stream.detections if one.delay_ms is not None]


def _delay(played: Streamed) -> float | None:
    return round(median(delays), 3) if (delays := _delays(played)) else None


def _worst_delay(played: Streamed) -> float | None:
    return round(max(delays), 3) if (delays := _delays(played)) else None


MISS_RATE = OfStream(
    name="miss_rate",
    place=100,
    meaning="Share of the events that were not detected",
    kind="exact",
    direction="lower",
    tolerance=Tolerance(absolute=0.015, needs=("recordings",)),  # one word of the 73 in the five minutes that ship
    share=True,
    of_all=_miss_rate,
    asks=_EVENTS,
    main=True,
    blames="missed events",
)
FALSE_ACCEPTS = OfStream(
    name="false_accepts_per_hour",
    place=110,
    meaning="Detections where that event was not",
    unit="1/h",
    kind="exact",
    direction="lower",
    tolerance=Tolerance(absolute=12.0, needs=("recordings",)),  # one in five minutes
    of_all=_false_accepts,
    asks=_EVENTS,
    main=True,
    blames="false accepts",
)
DELAY = OfStream(
    name="detection_delay_ms",
    place=120,
    meaning="From the end of an event to its detection; the median",
    unit="ms",
    kind="modelled",
    direction="lower",
    tolerance=Tolerance(relative=0.05, needs=("recordings", "cost_model")),  # a word more or less moves the median
    of_all=_delay,
    asks=_EVENTS,
)
WORST_DELAY = OfStream(
    name="worst_detection_delay_ms",
    place=130,
    meaning="From the end of an event to its detection; the longest",
    unit="ms",
    kind="modelled",
    direction="lower",
    tolerance=Tolerance(relative=0.1, needs=("recordings", "cost_model")),
    of_all=_worst_delay,
    asks=_EVENTS,
    main=True,
)
