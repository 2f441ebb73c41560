"""Options that several commands have, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab.building.kernels import NAMES

ModelFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A .tflite file.", show_default="the one that ships"),
]
TflmRoot = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="An upstream TFLM tree.", show_default="the pinned one"),
]
Kernels = Annotated[
    str, typer.Option(metavar="|".join(NAMES), help="What computes the operators; `auto` suits the core.")
]
KernelsRoot = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="An upstream CMSIS-NN or ESP-NN tree.", show_default="the pinned one"),
]
WorkloadBoard = Annotated[
    str | None,
    typer.Option("--target", metavar="TARGET", help="Board.", show_default="the first of the workload"),
]
WorkloadBoards = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="TARGET|all",
        help="Board; may be repeated. `all` is every board of the workload.",
        show_default="the first of the workload",
    ),
]
