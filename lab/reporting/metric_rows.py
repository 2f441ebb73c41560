"""Metrics with what is asked of them, one row each, for every table that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lab.metrics import Quantity
from lab.reporting import comparison_words, wording
from lab.verdict.result import Bounds, Change, Check, Run


@dataclass(frozen=True)
class MetricRow:
    """A metric, its limit and its change. `room` is how far it is from the limit as a share of that, negative beyond.

    `metric` is None for what is checked without being measured: skipped recordings.
    """

    name: str
    value: int | float | None
    metric: Quantity | None
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
    def value_in_words(self) -> str:
        """The value, or that there is none."""
        return "missing" if self.value is None and self.metric is None else wording.number(self.value, self.name)

    @property
    def kind_in_words(self) -> str:
        """Its kind, and what it may be on a board: `modelled, 571,000 to 671,000`."""
        kind = self.metric.kind if self.metric else ""
        return f"{kind}, {interval}" if (interval := self.interval_in_words) else kind

    @property
    def interval_in_words(self) -> str:
        """`571,000 to 671,000`, or nothing."""
        if self.metric is None or self.metric.interval is None:
            return ""
        low, high = (wording.rounded(end, self.name) for end in self.metric.interval)
        return f"{low} to {high}"

    @property
    def margin_in_words(self) -> str:
        """The same in few letters: `-3 to +14 %`, or the kind."""
        if self.metric is None or self.metric.interval is None or not self.metric.value:
            return self.metric.kind if self.metric else ""
        low, high = (round((end / self.metric.value - 1) * 100) for end in self.metric.interval)
        return f"{low:+d} to {high:+d} %"

    @property
    def change_in_words(self) -> str:
        """`+1.2 %`, `=`, or nothing without an earlier value."""
        return comparison_words.change(self.change) if self.change else ""


def metric_rows(run: Run) -> list[MetricRow]:
    """Every metric in the order of the run, then what is checked besides, save for Robot tests, which have no value."""
    judged = [check.name for check in run.checks if check.origin != "suite"]
    return [_row(name, run) for name in dict.fromkeys([*run.metrics, *judged])]


def side_by_side(runs: Sequence[Run]) -> list[tuple[str, tuple[MetricRow | None, ...]]]:
    """Each metric's name, in the order in which it comes first, and for each run its row, or None where it lacks it."""
    columns = [{row.name: row for row in metric_rows(run)} for run in runs]
    names = dict.fromkeys(name for column in columns for name in column)
    return [(name, tuple(column.get(name) for column in columns)) for name in names]


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


def _check(name: str, origin: Literal["limit", "baseline"], run: Run) -> Check | None:
    """The check of that origin; of several, one that failed."""
    found = [check for check in run.checks if check.name == name and check.origin == origin]
    return min(found, key=lambda check: check.passed, default=None)


def _room(value: float | None, limit: Bounds) -> float | None:
    """The smaller one of both bounds' rooms; a bound of zero or less has no shares."""
    if value is None:
        return None
    rooms = []
    if limit.at_most is not None and limit.at_most > 0:
        rooms.append((limit.at_most - value) / limit.at_most)
    if limit.at_least is not None and limit.at_least > 0:
        rooms.append((value - limit.at_least) / limit.at_least)
    return min(rooms, default=None)
