"""Profile one decision: time by operator, frontend stage and function; kernels side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab import target, workload
from lab.building import kernels as libraries
from lab.building import tflm
from lab.cli._options import KernelsRoot, ModelFile, TflmChoice, TflmRoot, WorkloadBoards, WorkloadName
from lab.output import note, say_json
from lab.profiling import profile
from lab.profiling.run import KERNELS
from lab.reporting import profile_folder, profile_table
from lab.reporting.console import to_stdout

GROUP = "Test firmware"
EXAMPLES = ("lab profile keyword-spotting", "lab profile keyword-spotting --kernels reference --kernels cmsis-nn")


def command(
    name: WorkloadName,
    boards: WorkloadBoards = None,
    kernels: Annotated[
        list[str] | None,
        typer.Option(
            metavar="|".join(libraries.NAMES),
            help="Kernels for the operators; repeat the option to compare several.",
            show_default=" and ".join(KERNELS),
        ),
    ] = None,
    recordings: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A folder of recordings.", show_default="those that ship"),
    ] = None,
    clip: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The recording, as results name it.", show_default="the first of a word"),
    ] = None,
    model: ModelFile = None,
    tflm_name: TflmChoice = tflm.AUTO,
    tflm_root: TflmRoot = None,
    kernels_root: KernelsRoot = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the files go.", show_default="runs/profile-WORKLOAD"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print profile.json instead of tables.")] = False,
) -> int:
    """Play one recording on each board with each choice of kernels, on the built-in engine, and trace every call.

    Writes profile.json, a chart, flame graphs, and the same call trees for other tools.
    """
    chosen = workload.load(name)
    targets = target.chosen(chosen, boards or ())
    for one in kernels or ():
        libraries.check_name(one)
    folder = out or Path("runs", f"profile-{chosen.name}")
    profile_folder.make(folder)
    profiled = profile(
        chosen,
        targets,
        kernels or KERNELS,
        recordings=recordings,
        clip=clip,
        model=model,
        tflm_root=tflm.root(tflm_name, tflm_root, chosen.tflm),
        kernels_root=kernels_root,
        on_stage=note,
    )
    profile_folder.write(profiled, folder)
    if as_json:
        say_json(profiled.profile.to_json())
    else:
        profile_table.print_profile(profiled.profile, folder, to_stdout())
    return 0
