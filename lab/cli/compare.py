"""Compare two runs, or a baseline and a run: metrics, memory, recordings; with a chart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab import chart_file
from lab.cli import _sides
from lab.output import note, say_json
from lab.reporting import comparison_table
from lab.reporting.console import to_stdout
from lab.verdict import baseline, policy
from lab.verdict.side_by_side import side_by_side

GROUP = "Look at results"
EXAMPLES = (
    "lab compare runs/before runs/latest",
    "lab compare baselines/keyword-spotting/nano33ble-cmsis-nn.json runs/latest --fail-on-regression",
)


def command(
    before: Annotated[Path, typer.Argument(metavar="RUN_A", help="A run's folder, its result.json, or a baseline.")],
    now: Annotated[Path, typer.Argument(metavar="RUN_B", help="The run to compare with it.")],
    chart: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the changes: .png, .svg or .pdf.", show_default="no chart"),
    ] = None,
    top: Annotated[int, typer.Option(min=1, metavar="N", help="Most symbols and recordings to show.")] = 10,
    fail_on_regression: Annotated[
        bool, typer.Option("--fail-on-regression", help="Exit code 1 if a metric is worse than the policy tolerates.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON instead.")] = False,
) -> int:
    """Compare RUN_B with RUN_A, by workload, target and kernels. Runs with different kernels are compared too.

    Shows differences in origin, each metric with its change, sections, libraries and symbols of changed size, and
    recordings that changed. Metrics are compared over the recordings that both runs played. Exit code 0 whatever is
    found, unless --fail-on-regression is given.
    """
    if chart is not None:
        chart_file.check(chart)
    found = side_by_side(_sides.read(before), _sides.read(now), policy.load(baseline.folder()))
    if chart is not None:
        from lab.reporting import comparison_chart  # noqa: PLC0415 - loads Matplotlib

        comparison_chart.draw(found, chart)
    if as_json:
        say_json(found.model_dump_json(indent=2))
    else:
        comparison_table.print_comparison(found, to_stdout(), most=top)
        if chart is not None:
            note(f"chart: {chart}")
    return int(fail_on_regression and found.is_worse)
