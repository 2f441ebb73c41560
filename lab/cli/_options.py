"""Options that several commands have, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ModelFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A .tflite file.", show_default="the one that ships"),
]
TflmRoot = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="An upstream TFLM tree.", show_default="the pinned one"),
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
