"""Several runs side by side: a column each, a row each metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.reporting.metric_rows import MetricRow, metric_rows
from lab.verdict.result import Run


@dataclass(frozen=True)
class Matrix:
    """`rows` are a metric's name and, for each run, its row, or None where the run lacks it."""

    runs: tuple[Run, ...]
    rows: tuple[tuple[str, tuple[MetricRow | None, ...]], ...]


def matrix(runs: Sequence[Run]) -> Matrix:
    """The metrics of several runs, in the order in which they come first."""
    columns = [{row.name: row for row in metric_rows(run)} for run in runs]
    names = dict.fromkeys(name for column in columns for name in column)
    return Matrix(tuple(runs), tuple((name, tuple(column.get(name) for column in columns)) for name in names))
