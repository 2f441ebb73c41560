"""Lanes as the page's script draws them: JSON, in which arrays are places in what is packed."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.output import one_line
from lab.reporting.html import pictures
from lab.reporting.timeline.lanes import COLOURS, Curves, Item, Items, Lane, Load, Picture, Ticks, Waves
from lab.reporting.timeline.packing import Packed

Json = dict[str, Any]
_FINEST = 255
"""Shares of the height of a lane are whole numbers up to that."""
_MOST_ROWS = 8
"""Of a lane are drawn; what overlaps more often lies over the last."""


@singledispatch
def drawn(lane: Lane, _packed: Packed) -> Json:
    """A lane, its arrays put away in what is packed."""
    raise TypeError(lane)


@drawn.register
def _(lane: Items, packed: Packed) -> Json:
    labels = {label: number for number, label in enumerate(dict.fromkeys(one.label for one in lane.items))}
    rows = np.minimum(list(stacked(lane.items)), _MOST_ROWS - 1)
    return {
        "kind": "items",
        "name": lane.name,
        "role": lane.role,
        "begins": packed.array(np.array([one.begin_s for one in lane.items])),
        "ends": packed.array(np.array([one.end_s for one in lane.items])),
        "labels": [one_line(label) for label in labels],
        "label": packed.array(np.array([labels[one.label] for one in lane.items], np.uint32)),
        "tones": COLOURS,
        "tone": packed.array(np.array([COLOURS.index(one.tone) for one in lane.items], np.uint8)),
        "told": packed.lines(one.told for one in lane.items),
        "row": packed.array(rows.astype(np.uint8)),
        "rows": int(rows.max()) + 1,
    }


@drawn.register
def _(lane: Curves, packed: Packed) -> Json:
    return {
        "kind": "curves",
        "name": lane.name,
        "names": [one_line(name) for name in lane.names],
        "tones": list(lane.tones),
        "times": packed.array(lane.times_s),
        "values": packed.array(_whole(lane.values)),
        "told": packed.lines(lane.told),
        "ticks": _ticks(lane.ticks),
        "joined": lane.joined,
        "threshold": lane.threshold,
        "thresholdTold": lane.threshold_told,
    }


@drawn.register
def _(lane: Load, packed: Packed) -> Json:
    return {
        "kind": "load",
        "name": lane.name,
        "begins": packed.array(lane.begins_s),
        "ends": packed.array(lane.ends_s),
        "shares": packed.array(_whole(lane.shares)),
    }


@drawn.register
def _(lane: Waves, packed: Packed) -> Json:
    return {
        "kind": "waves",
        "name": lane.name,
        "axes": [one_line(axis) for axis in lane.axes],
        "begin": lane.begin_s,
        "step": lane.step_s,
        "lows": packed.array(_whole(lane.lows.T)),
        "highs": packed.array(_whole(lane.highs.T)),
        "ticks": _ticks(lane.ticks),
    }


@drawn.register
def _(lane: Picture, packed: Packed) -> Json:
    return {
        "kind": "picture",
        "name": lane.name,
        "begin": lane.begin_s,
        "step": lane.step_s,
        "lines": lane.values.shape[1],
        "values": packed.array(lane.values),
        "colours": packed.array(np.frombuffer(pictures.palette(), np.uint8)),
        "ticks": _ticks(lane.ticks),
        "told": lane.told,
    }


def stacked(items: Iterable[Item]) -> Iterator[int]:
    """The row of each item of a lane: the first in which none lasts any more."""
    taken: list[tuple[float, int]] = []
    free: list[int] = []
    for one in items:
        while taken and taken[0][0] <= one.begin_s:
            heapq.heappush(free, heapq.heappop(taken)[1])
        row = heapq.heappop(free) if free else len(taken)
        heapq.heappush(taken, (one.end_s, row))
        yield row


def _whole(shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.rint(np.clip(shares, 0, 1) * _FINEST).astype(np.uint8)


def _ticks(ticks: Ticks) -> list[tuple[str, float]]:
    return [(one_line(text), round(share, 4)) for text, share in ticks]
