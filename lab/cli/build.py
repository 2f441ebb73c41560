"""Build a workload's firmware and say where it is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from lab import target, workload
from lab.building.kernels import AUTO, NAMES
from lab.cli._options import ModelFile, TflmRoot
from lab.measuring import Request, making, memory


def command(
    name: Annotated[str, typer.Argument(metavar="WORKLOAD", help="A folder below models/.")],
    board: Annotated[
        str | None,
        typer.Option("--target", metavar="TARGET", help="Board.", show_default="the first of the workload"),
    ] = None,
    model: ModelFile = None,
    tflm_root: TflmRoot = None,
    kernels: Annotated[
        str, typer.Option(metavar="|".join(NAMES), help="What computes the operators; `auto` suits the core.")
    ] = AUTO,
    kernels_root: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="An upstream CMSIS-NN or ESP-NN tree.", show_default="the pinned one"),
    ] = None,
) -> None:
    """Build a workload's firmware; print where the ELF is, and on standard error how large it is."""
    chosen = workload.load(name)
    on = target.choose(chosen, board)
    request = Request(chosen, on, model=model, tflm_root=tflm_root, kernels=kernels, kernels_root=kernels_root)
    made = making.make(request, partial(typer.echo, err=True))
    built = made.build
    size = memory.of(built.firmware, on, made.arena_bytes)
    typer.echo(
        f"{name} for {on.name}: {size.flash_bytes:,} bytes of flash, {size.ram_bytes:,} of RAM, {built.seconds:.1f} s",
        err=True,
    )
    typer.echo(built.elf)
