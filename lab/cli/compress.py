"""Make every variant of a Keras model, run each on a board, and name the smallest that is good enough."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from lab import chart_file, workload
from lab.building import kernels as libraries
from lab.building import tflm
from lab.cli import _training, _variants
from lab.cli._options import Kernels, KernelsRoot, TflmChoice, TflmRoot, WorkloadBoard
from lab.cli._variants import MaxLoss
from lab.errors import UsageError
from lab.output import note
from lab.recordings.splits import Part
from lab.training.progress import TrainingProgress
from lab.training.settings import Tuning

GROUP = "Build and train"
EXAMPLES = ("lab compress my-model.keras --recordings my-recordings --workload keyword-spotting --max-loss 0.5",)


def command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A model that Keras saved, .keras or .h5.")],
    recordings: Annotated[
        list[Path],
        typer.Option(
            metavar="DIR",
            help="Recordings, laid out as docs/recordings.md says; may be repeated. Those of the first are played.",
        ),
    ],
    name: Annotated[
        str | None,
        typer.Option(
            "--workload",
            metavar="WORKLOAD",
            help="Whose features and labels it has.",
            show_default="the only one",
        ),
    ] = None,
    variants: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|all", help="Variants to make; may be repeated.", show_default="all"),
    ] = None,
    epochs: Annotated[
        int, typer.Option(min=1, metavar="N", help="Passes over the recordings, of variants that learn on.")
    ] = Tuning().epochs,
    max_loss: MaxLoss = 1.0,
    part: Annotated[
        Part | None,
        typer.Option(
            help="Recordings to play, by part of the workload's split.", show_default="test, or all if none are kept"
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="A folder for the .tflite files.")] = Path("variants"),
    chart: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the variants: .png, .svg or .pdf.", show_default="no chart"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    board: WorkloadBoard = None,
    kernels: Kernels = libraries.AUTO,
    kernels_root: KernelsRoot = None,
    tflm_name: TflmChoice = tflm.AUTO,
    tflm_root: TflmRoot = None,
) -> int:
    """Convert a trained Keras model to each number format, tune and prune it, and compare all of them on a board.

    The model takes the features of a workload, as `lab features` writes them, and gives probabilities or logits of its
    labels. Recordings of the part "train" calibrate and tune it. Exit code 1 if a board's output is not the host's.
    """
    from lab.training import brought  # noqa: PLC0415  (numpy and more, which only this needs)
    from lab.training import variants as kinds  # noqa: PLC0415

    if chart is not None:
        chart_file.check_place(chart)
    chosen = kinds.chosen(variants or [kinds.ALL])
    wanted = _workload(name)
    request = _variants.Asked(wanted, board, recordings[0], part, kernels, kernels_root, tflm_name, tflm_root).request()
    with _training.place(out) as where:
        learnt = brought.learnt(model, request.workload, recordings, note)
        with TrainingProgress() as progress:
            made = kinds.made(learnt, chosen, Tuning(epochs=epochs), progress)
        files = _training.write(where, made, note)
    if part is None and any(kept.part == "test" for kept in learnt.kept):
        request = replace(request, part="test")
    return _variants.show(files, request, max_loss, chart, as_json=as_json)


def _workload(name: str | None) -> str:
    """The one named, or the only one there is. Raises UsageError."""
    known = workload.names()
    if name is None and len(known) != 1:
        raise UsageError(
            "Whose features does the model take? It is not said.",
            remedy=f"Name the workload with --workload: one of {', '.join(known)}.",
        )
    return name or known[0]
