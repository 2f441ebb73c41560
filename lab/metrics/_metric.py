"""What a metric is: one object, with all that anybody asks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import ClassVar, Generic, Literal, TypeVar

from lab.outcomes.memory import Footprint
from lab.outcomes.recording import ClipOutcome
from lab.outcomes.stream import PartOutcome, StreamOutcome

Number = int | float
Values = Mapping[str, Number | None]
"""By the name of a metric."""

Ratios = tuple[float, float]

Mode = Literal["clip", "stream"]
"""Whether recordings are played one by one, a decision each, or a stream that is composed of them."""

Kind = Literal["exact", "modelled", "measured"]
"""Counted; computed of counts and a table; or observed in a way that can miss something."""
Direction = Literal["higher", "lower", "equal"]
"""Which values are better; with "equal" every change is for the worse."""
Over = Literal["mean", "largest", "smallest", "sum"]
"""How the value of a run is made from those of its recordings."""
Need = Literal["toolchain", "recordings", "cost_model"]
Teller = Literal["any", "lab", "scores", "measure", "stack", "sections"]
"""Which firmware tells it: any; only what the lab builds; of others one that prints scores, or one whose adapter names
the functions to measure between, or the symbols of the stack."""

Evidence = Literal["events", "windows", "anomaly score"]
"""What has to be known of a run, besides what each recording was decided to be: events of a stream with the detections
of each, what each inference of a stream was about, or one score that is the higher the more anomalous something is."""

Blames = Literal["wrong", "differing", "missed anomalies", "false alarms", "missed events", "false accepts"]
"""What speaks against a run by it: recordings that were decided wrongly, of all, of anomalies or of what is normal, or
that differ from the host; of a stream events that were missed, or detections of none."""

One = TypeVar("One")
All = TypeVar("All")


@dataclass(frozen=True)
class Tolerance:
    """How much it may be worse than an earlier value; a project's own policy takes the place of any of these.

    `relative` is a share of that value, `absolute` is in the metric's unit; the wider one counts. `needs` must be the
    same for the two to be comparable at all. `missing` is what it means to have no value where there was one: "ignore"
    is for what not every engine counts.
    """

    relative: float = 0.0
    absolute: float = 0.0
    needs: tuple[Need, ...] = ()
    missing: Literal["fail", "ignore"] = "fail"


@dataclass(frozen=True)
class Conditions:
    """What numbers depend on besides what was heard.

    The core's clock; the seconds of a recording, of signal that one stands for, which is less where they overlap, and
    from one inference of a stream to the next; and how many samples a step of the features is.
    """

    clock_hz: int
    window_s: float
    recording_s: float
    stride_s: float
    step_samples: int


@dataclass(frozen=True)
class PlayedRecordings:
    """Recordings that were played one by one, and what the image takes; `arena_used` is None where nobody tells."""

    clips: Sequence[ClipOutcome]
    memory: Footprint
    arena_used: int | None
    conditions: Conditions


@dataclass(frozen=True)
class Streamed:
    """A stream that was played."""

    stream: StreamOutcome
    conditions: Conditions


@dataclass(frozen=True)
class Quantity:
    """One number; `value` is None where there is none: nothing was heard that it is of, or nobody counts it.

    `interval` is what it may be on the board by the published timings that its cost model is judged by: the ends in the
    same unit, None where nothing is known of them (docs/numbers.md).
    """

    value: Number | None
    unit: str
    kind: Kind
    interval: tuple[float, float] | None = None


def _always(_one: object) -> bool:
    return True


@dataclass(frozen=True)
class Metric(Generic[One, All]):
    """A number that is reported of a run in one mode. One of the same name may be there for the other.

    `place` says where it stands in tables, the lowest first. `meaning` is a sentence. `unit` is empty for a share or a
    count; a `share` is a part of a whole, from 0 to 1, and shown in per cent.

    It is computed by one of two. `of_one` is what a recording, or a part of a stream, has of it, and the run's value is
    made of these by `over`; `tells` says whether the firmware told of this one what it takes, else it has no part in
    that. `of_all` is of the run as a whole, for what no recording has a value of its own of.

    `asks` is what a workload's task has to tell for it to be there at all. A `main` one is shown where there is room
    for few. `blames` is what to list where it broke its limit.

    There is none where nothing was heard that it is of; `of_cycles`: with an engine that counts no cycles, to
    which it is `in_proportion`, or the inverse of it where more is better; `told_by`:
    with a firmware of somebody else's that does not tell.
    """

    mode: ClassVar[Mode]

    name: str
    place: int
    meaning: str
    kind: Kind
    direction: Direction
    tolerance: Tolerance
    unit: str = ""
    share: bool = False
    over: Over | None = None
    of_one: Callable[[One, Conditions], Number | None] | None = field(default=None, repr=False)
    tells: Callable[[One], bool] = field(default=_always, repr=False)
    of_all: Callable[[All], Number | None] | None = field(default=None, repr=False)
    of_cycles: bool = False
    in_proportion: bool = False
    told_by: Teller = "any"
    asks: frozenset[Evidence] = frozenset()
    main: bool = False
    blames: Blames | None = None

    def __post_init__(self) -> None:
        if (self.of_one is None) == (self.of_all is None) or (self.of_one is None) != (self.over is None):
            raise ValueError(f"{self.name} needs either of_one and over, or of_all")

    def of(self, values: Sequence[Values], all_of_it: All) -> Number | None:
        """The run's value, from those of its recordings or parts by name, and from the run as a whole."""
        if self.of_all is not None:
            return self.of_all(all_of_it)
        return self.combined([one[self.name] for one in values if self.name in one])

    def combined(self, values: Sequence[Number | None]) -> Number | None:
        """Of those of some recordings; None if one is unknown, or if there are none."""
        known = [value for value in values if value is not None]
        if not known or len(known) < len(values):
            return None
        if self.over == "mean":
            return sum(known) / len(known)
        return sum(known) if self.over == "sum" else max(known) if self.over == "largest" else min(known)

    def quantity(self, value: Number | None, ratios: Ratios | None = None) -> Quantity:
        """That value of it; `ratios` is how many cycles boards took for a modelled one, the fewest and the most."""
        return Quantity(value, self.unit, self.kind, self._interval(value, ratios))

    def _interval(self, value: Number | None, ratios: Ratios | None) -> tuple[float, float] | None:
        if not self.in_proportion or value is None or ratios is None:
            return None
        low, high = ratios if self.direction == "lower" else (1 / ratios[1], 1 / ratios[0])
        if self.share:
            return min(value * low, 1.0), min(value * high, 1.0)
        # A count has whole ends, rounded outwards as the ratios are.
        return (floor(value * low), ceil(value * high)) if isinstance(value, int) else (value * low, value * high)


class OfRecordings(Metric[ClipOutcome, PlayedRecordings]):
    """Of a run that plays recordings one by one."""

    mode = "clip"


class OfStream(Metric[PartOutcome, Streamed]):
    """Of a run that plays a stream."""

    mode = "stream"

    @classmethod
    def same_as(
        cls,
        other: OfRecordings,
        *,
        place: int | None = None,
        kind: Kind | None = None,
        of_one: Callable[[PartOutcome, Conditions], Number | None] | None = None,
        of_all: Callable[[Streamed], Number | None] | None = None,
        asks: frozenset[Evidence] = frozenset(),
        blames: Blames | None = None,
    ) -> OfStream:
        """What that metric is of recordings, of a stream: name, meaning, unit, direction and tolerance are the same."""
        return cls(
            name=other.name,
            place=other.place if place is None else place,
            meaning=other.meaning,
            kind=other.kind if kind is None else kind,
            direction=other.direction,
            tolerance=other.tolerance,
            unit=other.unit,
            share=other.share,
            over=None if of_one is None else other.over,
            in_proportion=other.in_proportion,
            of_one=of_one,
            of_all=of_all,
            asks=asks,
            main=other.main,
            blames=blames,
        )
