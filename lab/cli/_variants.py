"""Comparing the variants of a model, as `lab compare --variants` and `lab compress` do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lab import target, workload
from lab.building import kernels as libraries
from lab.building import tflm
from lab.measuring import Request
from lab.output import note, say_json
from lab.recordings.splits import Part
from lab.reporting import variants_table
from lab.reporting.console import to_stdout
from lab.variants import folder
from lab.variants.comparing import compared

VARIANTS = "Variants of a model"
"""The group of options that belong to variants."""

MaxLoss = Annotated[
    float,
    typer.Option(
        "--max-loss",
        min=0,
        max=100,
        metavar="POINTS",
        help="How much less accurate the smallest may be, in percentage points.",
        rich_help_panel=VARIANTS,
    ),
]


@dataclass(frozen=True)
class Asked:
    """What is to be played where, as typed; None for what is usual."""

    workload: str
    board: str | None
    recordings: Path | None
    part: Part | None
    kernels: str
    kernels_root: Path | None
    tflm: str
    tflm_root: Path | None

    def request(self) -> Request:
        """Raises what loading workload and board raises, and UsageError for kernels or a TFLM that there are not."""
        libraries.check_name(self.kernels)
        wanted = workload.load(self.workload)
        return Request(
            wanted,
            target.choose(wanted, self.board),
            recordings=self.recordings,
            part=self.part,
            kernels=self.kernels,
            kernels_root=self.kernels_root,
            tflm_root=tflm.root(self.tflm, self.tflm_root, wanted.tflm),
        )


def compare(asked: Asked, where: Path | None, max_loss: float, chart: Path | None, *, as_json: bool) -> int:
    """Compare every variant in the folder, the workload's own without one."""
    request = asked.request()
    request.workload.features.check_computed()
    found = folder.files(where or folder.of(request.workload), request.workload)
    return show(found, request, max_loss, chart, as_json=as_json)


def show(files: Sequence[Path], request: Request, max_loss: float, chart: Path | None, *, as_json: bool) -> int:
    """Compare these files and print what was found. Exit code 1 if a board's output is not the host's."""
    found = compared(files, request, max_loss, note)
    for one in found.notes:
        note(one)
    if chart is not None:
        from lab.reporting import variants_chart  # noqa: PLC0415 - loads Matplotlib

        variants_chart.draw(found.outcome, chart)
    if as_json:
        say_json(found.outcome.model_dump_json(indent=2))
    else:
        variants_table.print_outcome(found.outcome, to_stdout())
        if chart is not None:
            note(f"chart: {chart}")
    return int(any(one.cost and one.cost.equals_host is False for one in found.outcome.variants))
