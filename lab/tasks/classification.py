"""One label a recording, or a window of a stream: what somebody is doing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from lab.metrics import Evidence, Mode
from lab.outcomes.stream import PartOutcome
from lab.tasks import _windows
from lab.tasks._task import Judged, Rules, Task, check_labels


@dataclass(frozen=True)
class Classification(Task):
    """A score for each label; of a stream every inference whose window is of one label is right or wrong."""

    name = "classification"
    tells: ClassVar[Mapping[Mode, frozenset[Evidence]]] = {
        "clip": frozenset(),
        "stream": frozenset({"windows"}),
    }

    def check(self, labels: Sequence[str], background: Collection[str]) -> None:
        """Raises ValueError unless there are two or more."""
        check_labels(labels, background)

    def scores(self, labels: Sequence[str]) -> int:
        """One for each label."""
        return len(labels)

    def judge(self, parts: Sequence[PartOutcome], rules: Rules) -> Judged:
        """By windows."""
        return _windows.judged(parts, rules)


CLASSIFICATION = Classification()
