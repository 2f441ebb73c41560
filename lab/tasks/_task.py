"""What a task is: all that depends on what the scores are for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from lab.metrics import Evidence, Metric, Mode, defined
from lab.outcomes.stream import Detection, EventOutcome, PartOutcome, Window


@dataclass(frozen=True)
class Rules:
    """What a stream is judged by: an event counts as detected until `late_s` seconds after its end; labels of the
    `background` are no events; `window_s` seconds of signal go into an inference.
    """

    late_s: float
    background: Collection[str]
    window_s: float


@dataclass(frozen=True)
class Judged:
    """What became of each event, what each detection was, and what each inference was about, in the order of time."""

    events: tuple[EventOutcome, ...]
    detections: tuple[Detection, ...] = ()
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Task(ABC):
    """One kind of question. It has no state: all that a workload chooses comes with each call."""

    name: ClassVar[str]
    tells: ClassVar[Mapping[Mode, frozenset[Evidence]]]
    """What is known of a run in each mode, besides what each recording was decided to be."""
    usual: ClassVar[str | None] = None
    """The label to which a stream returns after every other one, if there is such a label."""

    @property
    def of_states(self) -> bool:
        """Whether every inference of a stream is judged: one thing lasts for a while then, and another follows it.

        Else events come at times, with pauses between them.
        """
        return "windows" in self.tells["stream"]

    def metrics(self, mode: Mode) -> Mapping[str, Metric[Any, Any]]:
        """Those that a run in that mode has, in the order in which they are shown."""
        return {name: metric for name, metric in defined(mode).items() if metric.asks <= self.tells[mode]}

    @abstractmethod
    def check(self, labels: Sequence[str], background: Collection[str]) -> None:
        """Raises ValueError for labels that make no sense for it."""

    @abstractmethod
    def scores(self, labels: Sequence[str]) -> int:
        """How many scores an inference has."""

    @abstractmethod
    def judge(self, parts: Sequence[PartOutcome], rules: Rules) -> Judged:
        """What the device made of the parts of a stream, held against what was played."""


def check_labels(labels: Sequence[str], background: Collection[str]) -> None:
    """Raises ValueError unless there are two or more, none twice, and `background` is some of them."""
    if len(labels) < 2:
        raise ValueError("labels has to have two or more")
    if len(set(labels)) < len(labels):
        raise ValueError(f"labels has {next(one for one in labels if list(labels).count(one) > 1)!r} twice")
    if strange := [one for one in background if one not in labels]:
        raise ValueError(f"background names {strange[0]!r}, which is none of labels")
