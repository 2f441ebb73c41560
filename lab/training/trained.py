"""What a training gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lab.decisions import Decision
from lab.training.evaluation import Accuracy


@dataclass(frozen=True)
class Table:
    """Results to be shown: a text for each of `headings` in each row; the last row is of all others together."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Judgement(Protocol):
    """What is known of a model on recordings of one part of the split."""

    def table(self) -> Table:
        """The numbers in words."""


@dataclass(frozen=True)
class Judged:
    """Accuracy on the clips of one part of the split, before and after quantisation; `who` says of whom they are."""

    part: str
    network: Accuracy
    int8: Accuracy
    who: str

    def table(self) -> Table:
        """By label."""
        pairs = [pair for pair in zip(self.network.scores, self.int8.scores, strict=True) if pair[0].clips]
        by_label = ((one.label, str(one.clips), f"{one.share:.1%}", f"{two.share:.1%}") for one, two in pairs)
        total = ("all", str(self.int8.clips), f"{self.network.share:.1%}", f"{self.int8.share:.1%}")
        headings = ("label", "recordings", "float", "int8")
        return Table(f"{self.who}, {self.part} part", headings, (*by_label, total))


@dataclass(frozen=True)
class Trained:
    """The .tflite file's content, and what it scores, by part of the split.

    `decision` is what `[decision]` of the workload has to be for this model, None where it may stay as it is.
    """

    data: bytes
    judged: Sequence[Judgement]
    decision: Decision | None = None
    notes: tuple[str, ...] = ()
