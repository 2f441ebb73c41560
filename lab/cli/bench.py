"""Run any model on boards, without an application: output compared with the host, cost per operator."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from lab import target
from lab.benching import bench
from lab.benching.agreement import TOLERANCE
from lab.benching.comparing import Host
from lab.benching.image import Choices
from lab.benching.published import Again
from lab.benching.run import Limits
from lab.benching.stimulus import stimulus
from lab.building import kernels as libraries
from lab.building import tflm
from lab.cli import _published
from lab.cli._options import Kernels, KernelsRoot, TflmChoice, TflmRoot
from lab.engines.builtin.memories import MemoryModel
from lab.errors import LabError, UsageError
from lab.model import Model
from lab.output import note, say_json
from lab.reporting import bench_table, terminal
from lab.reporting.console import to_stdout

GROUP = "Test firmware"
EXAMPLES = (
    "lab bench my-model.tflite",
    "lab bench my-model.tflite --target nano33ble --input x.npy --json",
    "lab bench my-model.tflite --input batch.npz --min-accuracy 0.9",
    "lab bench --against timings.toml --within 0.1",
)


def command(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A .tflite model, of integers or floats.", show_default=False),
    ] = None,
    boards: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="TARGET|all", help="Board; may be repeated.", show_default="every board"),
    ] = None,
    inputs: Annotated[
        list[Path] | None,
        typer.Option(
            "--input",
            metavar="FILE",
            help="A .npy array of one or more items, once for each input; or one .npz.",
            show_default="random",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed of random inputs.")] = 0,
    repeat: Annotated[
        int, typer.Option(min=1, metavar="N", help="Give all items N times in turn, without a restart.")
    ] = 1,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", metavar="FILE", help="The right class of each item: .npy, or a number on each line."),
    ] = None,
    min_accuracy: Annotated[
        float | None,
        typer.Option("--min-accuracy", min=0, max=1, metavar="SHARE", help="How many labelled items have to be right."),
    ] = None,
    kernels: Kernels = libraries.AUTO,
    kernels_root: KernelsRoot = None,
    expect_kernels: Annotated[
        str | None,
        typer.Option(
            "--expect-kernels",
            metavar="NAME",
            help=f"Fail unless these compute what they can: {', '.join(libraries.COMPUTING)}.",
        ),
    ] = None,
    tflm_name: TflmChoice = tflm.AUTO,
    tflm_root: TflmRoot = None,
    tolerance: Annotated[
        float,
        typer.Option(
            min=0, max=1, metavar="SHARE", help="How far float outputs may differ, as a share of the largest value."
        ),
    ] = TOLERANCE,
    memories: Annotated[
        str | None,
        typer.Option(
            "--memories",
            metavar="NAME",
            help="Let cycles wait for the memories of that model, in renode_platforms/cost_models/memories.",
            show_default="the board's",
        ),
    ] = None,
    elf: Annotated[
        Path | None,
        typer.Option("--elf", metavar="FILE", help="Keep the firmware, to be run on a real board.", show_default=False),
    ] = None,
    against: _published.Against = None,
    models: _published.Models = None,
    within: _published.Within = None,
    calibrate: _published.Calibrate = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> int:
    """Run a model on each board, on the built-in engine, and on the host, once or for several items without a restart.

    In every inference integers must be equal bit for bit and floats within the tolerance, else the exit code is 1. A
    board on which the model does not run is reported and skipped; its error sets the exit code.

    With --against no model is named: those of a table of published timings are run again, and the modelled times held
    against the published ones.
    """
    libraries.check_name(kernels)
    if expect_kernels is not None:
        libraries.check_name(expect_kernels, libraries.COMPUTING)
    targets = target.of_project(boards or ())
    if memories is not None:
        MemoryModel.load(memories)
        targets = [board.with_memories(memories) for board in targets]
    if against is not None:
        _published.check(context)
        choices = Choices(kernels, kernels_root, tflm.root(tflm_name, tflm_root))
        again = Again(against, models or against.parent, choices, calibrate is None, seed, note)
        named = [one.name for one in targets] if boards else []
        return _published.run(again, named, within, calibrate, as_json=as_json)
    if file is None or any(given is not None for given in (models, within, calibrate)):
        raise UsageError(
            "Neither a model nor --against is given."
            if file is None
            else "--models, --within and --calibrate need --against.",
            remedy="Name a .tflite file, or a table of published timings with --against.",
        )
    model = Model.read(file)
    given = stimulus(model, inputs or (), seed, repeat, labels)
    if min_accuracy is not None and given.labels is None:
        raise UsageError("--min-accuracy needs labels.", remedy="Give them with --labels, or as `labels` in a .npz.")
    if elf is not None and len(targets) > 1:
        raise UsageError("--elf keeps the firmware of one board.", remedy="Name it with --target.")
    if elf is not None and elf.resolve() == file.resolve():
        raise UsageError(f"{elf} is the model itself.", remedy="Name another file with --elf.")
    choices = Choices(kernels, kernels_root, tflm.root(tflm_name, tflm_root))
    limits = Limits(tolerance, min_accuracy, expect_kernels)

    @cache
    def on_host() -> Host:
        note(f"running {model.path.name} on the host")
        return Host.of(model, given.steps)

    outcomes, failures = [], []
    for board in targets:
        try:
            outcome = bench(model, board, given, on_host, choices, note, limits, elf)
        except LabError as error:  # another board may have the room that this one lacks
            failures.append(error)
            terminal.print_error(error)
            continue
        outcomes.append(outcome)
        if not as_json:
            bench_table.print_outcome(outcome, to_stdout())
    if as_json:
        say_json(json.dumps([json.loads(outcome.model_dump_json()) for outcome in outcomes], indent=2))
    return max([error.exit_code for error in failures] + [int(not outcome.holds) for outcome in outcomes])
