"""Arguments and options that several commands have, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab import target, workload
from lab.building import tflm
from lab.building.kernels import NAMES

FIRMWARE = "Firmware"
"""The group of options that choose what is built and where it runs."""


def _workloads(incomplete: str) -> list[str]:
    return [name for name in workload.names() if name.startswith(incomplete)]


def targets_for_completion(incomplete: str) -> list[str]:
    """Targets whose names begin so."""
    return [name for name in target.names() if name.startswith(incomplete)]


WorkloadName = Annotated[
    str, typer.Argument(metavar="WORKLOAD", help="A folder below models/.", autocompletion=_workloads)
]
WorkloadOption = Annotated[
    str,
    typer.Option("--workload", metavar="WORKLOAD", help="A folder below models/.", autocompletion=_workloads),
]
WorkloadNames = Annotated[
    list[str] | None,
    typer.Argument(metavar="WORKLOAD", help="Folders below models/.", autocompletion=_workloads),
]

ModelFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A .tflite file.",
        show_default="the one that ships",
        rich_help_panel=FIRMWARE,
    ),
]
TflmChoice = Annotated[
    str,
    typer.Option(
        "--tflm",
        metavar="|".join(tflm.NAMES),
        help="TFLM to build with; `auto` is what the workload says, else upstream where it is installed.",
        rich_help_panel=FIRMWARE,
    ),
]
TflmRoot = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="An upstream TFLM tree.",
        show_default="as --tflm says",
        rich_help_panel=FIRMWARE,
    ),
]
Kernels = Annotated[
    str,
    typer.Option(
        metavar="|".join(NAMES), help="Kernels for the operators; `auto` suits the core.", rich_help_panel=FIRMWARE
    ),
]
KernelsRoot = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="An upstream CMSIS-NN or ESP-NN tree.",
        show_default="the pinned one",
        rich_help_panel=FIRMWARE,
    ),
]
WorkloadBoard = Annotated[
    str | None,
    typer.Option(
        "--target",
        metavar="TARGET",
        help="Board.",
        show_default="the first of the workload",
        autocompletion=targets_for_completion,
        rich_help_panel=FIRMWARE,
    ),
]
WorkloadBoards = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="TARGET|all",
        help="Board; may be repeated. `all` is every board of the workload.",
        show_default="the first of the workload",
        autocompletion=targets_for_completion,
        rich_help_panel=FIRMWARE,
    ),
]
