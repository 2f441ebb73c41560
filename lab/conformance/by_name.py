"""What runs of two images of one firmware have in common, compared by name.

Any change of the firmware moves instruction counts, times since reset and addresses. It moves neither what the device
heard and decided, nor the order of its marks, nor the clock of its interrupts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from lab.conformance import difference
from lab.conformance.case import OtherImage
from lab.conformance.difference import Difference
from lab.conformance.observation import Observation
from lab.conformance.observing import MARKS

_OF_THE_IMAGE = frozenset(
    {"arena_size", "arena_used", "cycles", "late_inferences", "model_crc", "stack_size", "stack_used", "time_ms"}
)
"""Fields of the device's lines (docs/device-protocol.md) that say what its code takes, or which model it has."""
_OF_THE_MODEL = frozenset({"label", "scores"})
_OF_THE_FEATURES = _OF_THE_MODEL | {"features_crc"}
_ALWAYS = ("instruction counts", "times since reset", "memory")
_LATE_NS = 20_000
"""An interrupt waits for other handlers and critical sections, by far less than this; a quantum of Renode is more."""
_NOTHING = "nothing more"

_Line = dict[str, Any]


class Compared(NamedTuple):
    """The first difference, None without one, and names of what was left out."""

    difference: Difference | None
    left_out: tuple[str, ...]


def compare(here: Observation, there: Observation, handlers: Sequence[str], other: OtherImage) -> Compared:
    """The device's lines field by field, marks in their order, and the clock of each handler that both images have.

    `here` is of the image with those `handlers`, `there` of the `other`. A kind of line that only `here` has, a field,
    mark or handler that only one has, and what depends on the code, are left out.
    """
    fields = _Fields(here, there, other)
    marks = _Names(_marks(here), _marks(there))
    entered = _Names(handlers, other.handlers)
    found = (
        difference.ending(here, there)
        or fields.difference()
        or _in_marks(here, there, marks.common)
        or next((one for name in entered.common if (one := _in_handler(name, here, there))), None)
    )
    return Compared(found, (*_ALWAYS, *fields.left_out(), *marks.single, *entered.single))


class _Names:
    """Names that two images have in `common`, and those that one of them has."""

    def __init__(self, here: Sequence[str], there: Sequence[str]) -> None:
        self.common = tuple(name for name in dict.fromkeys(here) if name in there)
        self.single = tuple(name for name in dict.fromkeys((*there, *here)) if name not in self.common)


class _Fields:
    """The device's lines of each side."""

    def __init__(self, here: Observation, there: Observation, other: OtherImage) -> None:
        self._known = {line["event"] for line in _lines(there)}
        self._new = dict.fromkeys(line["event"] for line in _lines(here) if line["event"] not in self._known)
        self._pairs = list(zip_longest((line for line in _lines(here) if line["event"] in self._known), _lines(there)))
        self._of_the_code = _OF_THE_IMAGE
        if not other.same_features:
            self._of_the_code |= _OF_THE_FEATURES
        elif _model(here) != _model(there):
            self._of_the_code |= _OF_THE_MODEL

    def difference(self) -> Difference | None:
        for number, (ours, theirs) in enumerate(self._pairs, start=1):
            kinds = [line["event"] if line else _NOTHING for line in (ours, theirs)]
            if ours is None or theirs is None or kinds[0] != kinds[1]:
                return Difference(where=f"line {number} of the device", here=kinds[0], there=kinds[1])
            for name in theirs:
                if name in ours and name not in self._of_the_code and ours[name] != theirs[name]:
                    return Difference(
                        where=f"{name} of line {number} of the device, {kinds[0]}",
                        here=json.dumps(ours[name]),
                        there=json.dumps(theirs[name]),
                    )
        return None

    def left_out(self) -> Iterator[str]:
        """Such as `inference.cycles`; a new kind of line is named as a whole."""
        names: dict[str, None] = {}
        for ours, theirs in self._pairs:
            if ours and theirs:
                single = ours.keys() ^ theirs.keys()
                names |= {
                    f"{theirs['event']}.{name}": None
                    for name in (*theirs, *ours)
                    if name in single or name in self._of_the_code
                }
        yield from names
        yield from self._new


def _lines(observed: Observation) -> Iterator[_Line]:
    """The lines that are events of the device protocol."""
    for text in observed.uart:
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and isinstance(line.get("event"), str):
            yield line


def _model(observed: Observation) -> object:
    return next((line["model_crc"] for line in _lines(observed) if "model_crc" in line), None)


def _marks(observed: Observation) -> list[str]:
    return [event.what for event in observed.events if event.what.partition(":")[0] in MARKS]


def _in_marks(here: Observation, there: Observation, names: Sequence[str]) -> Difference | None:
    sides = [[mark for mark in _marks(one) if mark in names] for one in (here, there)]
    for number, (ours, theirs) in enumerate(zip_longest(*sides, fillvalue=_NOTHING), start=1):
        if ours != theirs:
            after = sides[0][number - 2] if number > 1 else ""
            return Difference(where=f"mark {number:,}", here=ours, there=theirs, after=after)
    return None


def _in_handler(name: str, here: Observation, there: Observation) -> Difference | None:
    """Entries at another time since the handler's first one, or missing while the other image was still at work."""
    sides = [_Entries(name, one) for one in (here, there)]
    for number, times in enumerate(zip_longest(*(side.times_ns for side in sides)), start=1):
        ours, theirs = times
        if ours is None or theirs is None:
            late = sides[ours is not None].span_ns
            is_meant = number > 1 and max(time for time in times if time is not None) > late
        else:
            is_meant = abs(ours - theirs) <= _LATE_NS
        if not is_meant:
            said = [_NOTHING if time is None else f"{time:,} ns after the first" for time in times]
            return Difference(where=f"entry {number:,} of {name}", here=said[0], there=said[1])
        if None in times:
            break
    return None


class _Entries:
    """When a handler was entered, and how long something happened, since its first entry."""

    def __init__(self, name: str, observed: Observation) -> None:
        entered = [event.time_ns for event in observed.events if event.what == name]
        first = entered[0] if entered else 0
        self.times_ns = [time - first for time in entered]
        self.span_ns = observed.events[-1].time_ns - first if entered else 0
