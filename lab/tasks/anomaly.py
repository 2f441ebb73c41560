"""A score and a threshold: whether what is heard or felt is as it always is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from lab.decisions.anomaly import ANOMALY, NORMAL
from lab.metrics import Evidence, Mode
from lab.outcomes.stream import PartOutcome
from lab.tasks import _alarms, _windows
from lab.tasks._task import Judged, Rules, Task


@dataclass(frozen=True)
class Anomaly(Task):
    """One whole number an inference, the higher the more anomalous; above the workload's threshold it is decided so.

    In a stream faults come and go, and the device raises alarms.
    """

    name = "anomaly"
    usual = NORMAL
    tells: ClassVar[Mapping[Mode, frozenset[Evidence]]] = {
        "clip": frozenset({"anomaly score"}),
        "stream": frozenset({"anomaly score", "windows"}),
    }

    def check(self, labels: Sequence[str], background: Collection[str]) -> None:
        """Raises ValueError unless they are normal and anomaly."""
        if sorted(labels) != sorted((NORMAL, ANOMALY)):
            raise ValueError(f"labels has to be {NORMAL!r} and {ANOMALY!r} for the task anomaly")
        if strange := [one for one in background if one != NORMAL]:
            raise ValueError(f"background can only be {NORMAL!r} for the task anomaly, not {strange[0]!r}")

    def scores(self, labels: Sequence[str]) -> int:  # noqa: ARG002  (the same for each task)
        """One, whatever the labels."""
        return 1

    def judge(self, parts: Sequence[PartOutcome], rules: Rules) -> Judged:
        """The windows by their scores, the faults by the alarms: the rule is in docs/numbers.md."""
        events, alarms = _alarms.match(parts, rules.late_s)
        return Judged(events, alarms, tuple(window for _, window in _windows.windows(parts, rules)))


ANOMALIES = Anomaly()
