"""Metrics with what is asked of them: one row each."""

from __future__ import annotations

from dataclasses import dataclass

from lab.measuring.measurement import Metric
from lab.reporting.html import wording
from lab.verdict.result import Bounds, Change, Check, Run


@dataclass(frozen=True)
class MetricRow:
    """A metric, its limit and its change. `room` is how far it is from the limit, as a share of it; negative if broken.

    `metric` is None for what is checked without being measured: skipped recordings.
    """

    name: str
    value: int | float | None
    metric: Metric | None
    limit: Check | None
    regression: Check | None
    change: Change | None
    room: float | None

    @property
    def passed(self) -> bool | None:
        """None if nothing is asked of it."""
        checks = [check for check in (self.limit, self.regression) if check]
        return all(check.passed for check in checks) if checks else None

    @property
    def room_in_words(self) -> str:
        """`2.5 %`, `none`, `missed by 3.1 %`."""
        if self.room is None:
            return ""
        if self.room == 0:
            return "none"
        size = wording.percent(abs(self.room))
        return size if self.room > 0 else f"missed by {size}"

    @property
    def change_in_words(self) -> str:
        """`+1.2 %`, or the difference where a share of the earlier value says nothing."""
        if self.change is None or self.change.before is None or self.change.now is None:
            return ""
        difference = self.change.now - self.change.before
        if difference == 0:
            return "same"
        if self.change.before == 0:
            return f"{wording.sign(difference)}{wording.number(abs(difference))}"
        return wording.signed_percent(difference / abs(self.change.before))


def metric_rows(run: Run) -> list[MetricRow]:
    """Every metric in the order of the run, then what is checked besides, save for Robot tests, which have no value."""
    judged = [check.name for check in run.checks if check.origin != "suite"]
    return [_row(name, run) for name in dict.fromkeys([*run.metrics, *judged])]


def _row(name: str, run: Run) -> MetricRow:
    metric = run.metrics.get(name)
    limit = _check(name, "limit", run)
    regression = _check(name, "baseline", run)
    value = metric.value if metric else next((check.value for check in (limit, regression) if check), None)
    changes = run.baseline.changes if run.baseline else ()
    return MetricRow(
        name=name,
        value=value,
        metric=metric,
        limit=limit,
        regression=regression,
        change=next((change for change in changes if change.metric == name), None),
        room=_room(value, limit.limit) if limit and limit.limit else None,
    )


def _check(name: str, origin: str, run: Run) -> Check | None:
    """The check of that origin; of several, one that failed."""
    found = [check for check in run.checks if check.name == name and check.origin == origin]
    return min(found, key=lambda check: check.passed, default=None)


def _room(value: float | None, limit: Bounds) -> float | None:
    if value is None:
        return None
    rooms = []
    if limit.at_most:
        rooms.append((limit.at_most - value) / abs(limit.at_most))
    if limit.at_least:
        rooms.append((value - limit.at_least) / abs(limit.at_least))
    return min(rooms, default=None)
