"""Several workloads on several targets in one table: what came of each, how right it is, how long it took."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from lab.metrics import defined
from lab.reporting import wording
from lab.reporting.matrix_table import NARROWEST_NAME, VERDICTS, by_workload
from lab.verdict.result import Result, Run


def overview(runs: Sequence[Run]) -> Table:
    """A row for each workload, a column for each target; nothing where there was no run."""
    targets = list(dict.fromkeys(run.target for run in runs))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("workload", no_wrap=True)
    table.add_column("metric", overflow="fold", min_width=NARROWEST_NAME)
    for target in targets:
        table.add_column(target, justify="right", no_wrap=True)
    for own in by_workload(runs):
        metric = main_metric(own)
        on = {run.target: _cell(run, metric) for run in own}
        table.add_row(own[0].workload, metric, *(on.get(target, Text("")) for target in targets))
    return table


def main_metric(runs: Sequence[Run]) -> str:
    """What tells best how right a workload is: the first main metric that one of its runs has; nothing without any."""
    measured = {name for run in runs for name in run.metrics}
    return next((name for name, one in defined(runs[0].mode).items() if one.main and name in measured), "")


def verdict(result: Result) -> Text:
    """What came of all of them: `FAILED: 2 of 12 runs`."""
    count = wording.plural(len(result.runs), "run")
    broken = sum(run.verdict != "passed" for run in result.runs)
    said = f"{result.verdict.upper()}: {f'{broken} of {count}' if broken else count}"
    return Text(said, VERDICTS[result.verdict])


def _cell(run: Run, metric: str) -> Text:
    value = f"{wording.number(run.metrics[metric].value, metric)}, " if metric in run.metrics else ""
    return Text.assemble((run.verdict.upper(), VERDICTS[run.verdict]), f"\n{value}{run.host_seconds:.0f} s")
