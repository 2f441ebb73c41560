"""Several runs in one table for the terminal: a column each, a row for each metric."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from lab.reporting.metric_rows import MetricRow, side_by_side
from lab.verdict.result import Run, Standing, Verdict

NARROWEST_NAME = 10
"""Columns that the names of metrics keep in a narrow terminal."""

VERDICTS: dict[Verdict, str] = {
    "passed": "bold green",
    "failed": "bold red",
    "error": "bold red",
    "interrupted": "bold yellow",
}
STANDINGS: dict[Standing, str] = {"better": "green", "same": "dim", "worse": "bold red", "not comparable": "dim"}


def matrix(runs: Sequence[Run]) -> Table:
    """Runs of one workload, side by side; what fails is marked, what is better or worse than before has its change."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("metric", overflow="fold", min_width=NARROWEST_NAME)
    for run in runs:
        table.add_column(run.target, justify="right", no_wrap=True)
    table.add_row("kernels", *(run.variant for run in runs))
    for name, rows in side_by_side(runs):
        table.add_row(name, *map(_cell, rows))
    table.add_row("baseline", *map(_baseline, runs))
    table.add_row("verdict", *(Text(run.verdict.upper(), VERDICTS[run.verdict]) for run in runs))
    return table


def notes(runs: Sequence[Run]) -> Iterator[str]:
    """What the runs have to say of themselves, each thing once, with the targets that it is about unless it is all."""
    said: dict[str, list[str]] = {}
    for run in runs:
        for note in run.notes:
            said.setdefault(note, []).append(run.target)
    for note, targets in said.items():
        yield f"{note}." if len(targets) == len(runs) else f"{', '.join(targets)}: {note}."


def by_workload(runs: Sequence[Run]) -> list[list[Run]]:
    """The runs of each workload, in the order in which they come."""
    return [[run for run in runs if run.workload == name] for name in dict.fromkeys(run.workload for run in runs)]


def common(of: Callable[[Run], str], runs: Sequence[Run]) -> str:
    """What is the same for all runs, or what each has, in their order."""
    return ", ".join(dict.fromkeys(map(of, runs)))


def _cell(row: MetricRow | None) -> Text:
    if row is None:
        return Text("")
    text = Text("✗ " if row.passed is False else "", "bold red").append(
        row.value_in_words, "bold red" if row.passed is False else ""
    )
    if row.change and row.change.standing in ("better", "worse"):
        text.append(f" {row.change_in_words}", STANDINGS[row.change.standing])
    return text


def _baseline(run: Run) -> Text:
    if run.baseline is None:
        return Text("not compared", "dim")
    return Text(run.baseline.standing, STANDINGS[run.baseline.standing])
