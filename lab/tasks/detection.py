"""Events in a stream: words, gestures. Of a recording the device says which event it is, or that it is none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from lab.metrics import Evidence, Mode
from lab.outcomes.stream import PartOutcome
from lab.tasks._matching import match
from lab.tasks._task import Judged, Rules, Task, check_labels


@dataclass(frozen=True)
class Detection(Task):
    """A score for each label. Labels of the background are no events: what is not to be detected."""

    name = "detection"
    tells: ClassVar[Mapping[Mode, frozenset[Evidence]]] = {
        "clip": frozenset(),
        "stream": frozenset({"events"}),
    }

    def check(self, labels: Sequence[str], background: Collection[str]) -> None:
        """Raises ValueError unless there are two or more, one of them at least of an event."""
        check_labels(labels, background)
        if all(label in background for label in labels):
            raise ValueError("background has all labels, so that there is no event to detect")

    def scores(self, labels: Sequence[str]) -> int:
        """One for each label."""
        return len(labels)

    def judge(self, parts: Sequence[PartOutcome], rules: Rules) -> Judged:
        """By matching detections with events: the rule is in docs/numbers.md."""
        events = (event for part in parts for event in part.events)
        detected = (detection for part in parts for detection in part.detected)
        return Judged(*match(events, detected, rules.late_s, rules.background))


DETECTION = Detection()
