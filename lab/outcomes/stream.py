"""What a listening device made of a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from lab.composing.event import Event
from lab.outcomes.inferences import Inferences, Scoring
from lab.signals.signal import Signal

Fate = Literal["heard", "missed", "mistaken", "ignored", "taken"]
"""Of an event: *heard*, *missed* (nothing was detected), *mistaken* (only another one was); of one of the background:
*ignored* as it should be, or *taken* for an event."""

Standing = Literal["right", "wrong", "again", "unknown", "nothing"]
"""Of a detection: *right*, or a false accept: *wrong* (of another event), *again* (it was heard before), *unknown* (of
the background), *nothing* (nothing was)."""


@dataclass(frozen=True)
class Pace:
    """How fast virtual time passed: instructions a microsecond, from the core's clock and the modelled cycles."""

    mips: int
    clock_mhz: float
    cycles_per_instruction: float
    cost_model: str


@dataclass(frozen=True)
class Inferred:
    """What an inference said whose window ended at that second of the stream."""

    time_s: float
    label: str
    scores: tuple[int, ...]


@dataclass(frozen=True)
class PartOutcome:
    """One part as the device heard it, which runs on from part to part.

    `detected` are time in seconds of the stream, label and score of each.
    `inferred` is what every inference said, and empty where a task goes by detections. `told` is for the timeline.
    """

    number: int
    start_s: float
    seconds: float
    stimulus: str
    events: tuple[Event, ...]
    detected: tuple[tuple[float, str, int], ...]
    inferences: int
    instructions: int
    cpu_load: float
    stack_used: int
    lost_samples: int
    late_inferences: int
    log: tuple[str, ...] = ()
    inferred: tuple[Inferred, ...] = ()
    told: Inferences | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Detection:
    """What the device reported. `event` is the index of the event that it belongs to, if any.

    `delay_ms` is the time from that event's end, None unless it is right; negative before the end. Of a fault it is the
    time from its beginning, None unless it is the first alarm.
    """

    time_s: float
    label: str
    score: int
    standing: Standing
    event: int | None
    delay_ms: float | None


@dataclass(frozen=True)
class EventOutcome:
    """An event and what became of it. `taken_for` is the label that was detected, None if there was none.

    Where every inference says a label, it is the one that most of those said whose window was of the event alone.
    """

    event: Event
    fate: Fate
    delay_ms: float | None
    taken_for: str | None


@dataclass(frozen=True)
class Window:
    """An inference and what it was about: `label` is of all of its window, None where that is of more than one thing.

    `time_s` is where its window ends.
    """

    time_s: float
    label: str | None
    decided: str
    scores: tuple[int, ...]

    @property
    def correct(self) -> bool:
        """Whether the device decided what the window is of."""
        return self.decided == self.label


@dataclass(frozen=True)
class StreamOutcome:
    """All parts that were heard, and what is made of them together.

    `signals` gives all that was composed, block by block, each time that it is called. `scoring` says how the scores of
    what the parts were told are read.
    """

    seed: int
    pace: Pace
    parts: tuple[PartOutcome, ...]
    events: tuple[EventOutcome, ...]
    detections: tuple[Detection, ...]
    signals: Callable[[], Iterator[Signal]] = field(repr=False, compare=False)
    windows: tuple[Window, ...] = ()
    scoring: Scoring | None = None

    @property
    def seconds(self) -> float:
        """How long it was."""
        return sum(part.seconds for part in self.parts)

    @property
    def told(self) -> Inferences | None:
        """What every inference told; None without any."""
        return Inferences.joined(part.told for part in self.parts)
