"""Compare two runs, a baseline and a run, or all variants of a model: metrics, memory, recordings; with a chart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab import chart_file
from lab.building import kernels as libraries
from lab.building import tflm
from lab.cli import _sides, _variants
from lab.cli._options import Kernels, KernelsRoot, TflmChoice, TflmRoot, WorkloadBoard
from lab.cli._variants import VARIANTS, MaxLoss
from lab.errors import UsageError
from lab.output import note, say_json
from lab.recordings.splits import Part
from lab.reporting import comparison_table
from lab.reporting.console import to_stdout
from lab.verdict import baseline, policy
from lab.verdict.side_by_side import side_by_side

GROUP = "Look at results"
EXAMPLES = (
    "lab compare runs/before runs/latest",
    "lab compare baselines/keyword-spotting/nano33ble-cmsis-nn.json runs/latest --fail-on-regression",
    "lab compare keyword-spotting --variants",
)


def command(
    before: Annotated[
        str, typer.Argument(metavar="RUN_A", help="A run's folder, its result.json, or a baseline; or a WORKLOAD.")
    ],
    now: Annotated[
        Path | None, typer.Argument(metavar="[RUN_B]", help="The run to compare with it.", show_default=False)
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the changes: .png, .svg or .pdf.", show_default="no chart"),
    ] = None,
    top: Annotated[int, typer.Option(min=1, metavar="N", help="Most symbols and recordings to show.")] = 10,
    fail_on_regression: Annotated[
        bool, typer.Option("--fail-on-regression", help="Exit code 1 if a metric is worse than the policy tolerates.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON instead.")] = False,
    variants: Annotated[
        bool,
        typer.Option(
            "--variants", help="Compare the variants of the WORKLOAD's model on a board.", rich_help_panel=VARIANTS
        ),
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="DIR",
            help="Where they are.",
            show_default="models/WORKLOAD/variants",
            rich_help_panel=VARIANTS,
        ),
    ] = None,
    max_loss: MaxLoss = 1.0,
    recordings: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="A folder of recordings.", show_default="those that ship", rich_help_panel=VARIANTS
        ),
    ] = None,
    part: Annotated[
        Part | None,
        typer.Option(help="Only recordings of this part of the workload's split.", rich_help_panel=VARIANTS),
    ] = None,
    board: WorkloadBoard = None,
    kernels: Kernels = libraries.AUTO,
    kernels_root: KernelsRoot = None,
    tflm_name: TflmChoice = tflm.AUTO,
    tflm_root: TflmRoot = None,
) -> int:
    """Compare RUN_B with RUN_A, by workload, target and kernels. Runs with different kernels are compared too.

    Shows differences in origin, each metric with its change, sections, libraries and symbols of changed size, and
    recordings that changed. Metrics are compared over the recordings that both runs played. Exit code 0 whatever is
    found, unless --fail-on-regression is given.

    With --variants the first argument is a workload: every variant that `lab train --variants` made of its model is
    given the recordings, on the host and on the board. The exit code is 1 if a board's output is not the host's.
    """
    if chart is not None:
        chart_file.check_place(chart)
    if variants:
        if now is not None or fail_on_regression:
            raise UsageError(
                "With --variants a workload alone is named.", remedy="Leave RUN_B and --fail-on-regression out."
            )
        asked = _variants.Asked(before, board, recordings, part, kernels, kernels_root, tflm_name, tflm_root)
        return _variants.compare(asked, folder, max_loss, chart, as_json=as_json)
    if now is None:
        raise UsageError("RUN_B is missing.", remedy="Name two runs; or a workload and --variants.")
    if any(one is not None for one in (folder, recordings, part, board, kernels_root, tflm_root)):
        raise UsageError(
            "Two runs are compared as they are: no recordings are played, and nothing is built.",
            remedy="Leave out --from, --recordings, --part, --target and the like; or name a workload and --variants.",
        )
    found = side_by_side(_sides.read(Path(before)), _sides.read(now), policy.load(baseline.folder()))
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
