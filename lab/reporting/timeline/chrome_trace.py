"""`timeline.trace.json`: a timeline as the JSON array of Chrome's trace event format, which Perfetto opens too.

The fields are those of "Trace Event Format" (Google, 2016, which perfetto.dev/docs names for JSON traces): `X` is a
slice from `ts` for `dur` microseconds, `i` an instant, `C` a counter with a series for each argument, and `M` names a
process. Each lane is a process, and each of its rows a thread, because slices of one thread must not overlap. A signal
and features are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from lab.output import one_line
from lab.reporting.timeline.drawn import stacked
from lab.reporting.timeline.lanes import Curves, Items, Lane, Load, Timeline

Event = dict[str, Any]


def text(timeline: Timeline) -> str:
    """The whole file, an event a line."""
    return "[\n" + ",\n".join(json.dumps(event, ensure_ascii=False) for event in events(timeline)) + "\n]\n"


def events(timeline: Timeline) -> Iterator[Event]:
    """Each event, lane by lane."""
    for number, lane in enumerate(timeline.lanes, start=1):
        of_lane = list(_events(lane))
        if not of_lane:
            continue
        yield {"ph": "M", "pid": number, "tid": 0, "name": "process_name", "args": {"name": lane.name}}
        yield {"ph": "M", "pid": number, "tid": 0, "name": "process_sort_index", "args": {"sort_index": number}}
        yield from ({"pid": number, "tid": 0, **event} for event in of_lane)


@singledispatch
def _events(_lane: Lane) -> Iterator[Event]:
    yield from ()


@_events.register
def _(lane: Items) -> Iterator[Event]:
    for one, row in zip(lane.items, stacked(lane.items), strict=True):
        event = {
            "name": one_line(one.label or one.told),
            "cat": lane.name,
            "ts": _microseconds(one.begin_s),
            "tid": row,
            "args": {"told": one_line(one.told)} if one.label else {},
        }
        if one.end_s > one.begin_s:
            yield {**event, "ph": "X", "dur": _microseconds(one.end_s - one.begin_s)}
        else:
            yield {**event, "ph": "i", "s": "t"}


@_events.register
def _(lane: Curves) -> Iterator[Event]:
    names = [one_line(name) for name in lane.names]
    for time_s, numbers in zip(lane.times_s.tolist(), lane.numbers.tolist(), strict=True):
        series = {name: round(value, 4) for name, value in zip(names, numbers, strict=True)}
        yield {"ph": "C", "name": lane.name, "ts": _microseconds(time_s), "args": series}


@_events.register
def _(lane: Load) -> Iterator[Event]:
    """A counter keeps its value until the next."""
    for begin_s, share in zip(lane.begins_s.tolist(), lane.shares.tolist(), strict=True):
        yield {"ph": "C", "name": lane.name, "ts": _microseconds(begin_s), "args": {"percent": round(100 * share, 1)}}


def _microseconds(seconds: float) -> float:
    return round(seconds * 1e6, 3)
