"""Find the smallest arena with which a workload's model starts on a board."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from lab import places, target, workload
from lab.building import kernels as libraries
from lab.building import tflm
from lab.cli._options import Kernels, KernelsRoot, ModelFile, TflmChoice, TflmRoot, WorkloadBoard, WorkloadName
from lab.configuration import place
from lab.measuring import Request, arena
from lab.measuring.arena import Need
from lab.model import Model
from lab.output import note, say_json
from lab.reporting.console import to_stdout
from lab.workload import Workload

GROUP = "Test firmware"
EXAMPLES = ("lab arena keyword-spotting --target esp32c3",)


def command(
    name: WorkloadName,
    board: WorkloadBoard = None,
    model: ModelFile = None,
    tflm_name: TflmChoice = tflm.AUTO,
    tflm_root: TflmRoot = None,
    kernels: Kernels = libraries.AUTO,
    kernels_root: KernelsRoot = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> int:
    """Find the smallest arena with which a model starts on a board, by booting the firmware with smaller arenas.

    Exit code 1 if the workload's arena is smaller. The first time takes two builds.
    """
    chosen = workload.load(name)
    request = Request(
        chosen,
        target.choose(chosen, board),
        "builtin",
        model=model,
        tflm_root=tflm.root(tflm_name, tflm_root, chosen.tflm),
        kernels=kernels,
        kernels_root=kernels_root,
    )
    network = Model.read(model or chosen.model_path)
    network.check(chosen)
    found = arena.need(arena.trial(request, network))
    planned = found.smallest if chosen.arena_bytes is None else chosen.arena_bytes
    if as_json:
        spare = planned - found.smallest
        say_json(json.dumps({"used": found.used, "smallest": found.smallest, "planned": planned, "spare": spare}))
    else:
        _print(chosen, request.target.name, found, planned)
    return int(planned < found.smallest)


def _print(chosen: Workload, board: str, found: Need, planned: int) -> None:
    table = Table(f"{chosen.name} on {board}", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("bytes", justify="right")
    table.add_column("")
    table.add_row("used", f"{found.used:,}", "what TFLM has allocated when its tensors are ready")
    table.add_row("smallest", f"{found.smallest:,}", "the least with which it starts")
    table.add_row("planned", f"{planned:,}", f"set in {_setting(chosen)}")
    table.add_row("spare", f"{planned - found.smallest:,}", "planned and not needed")
    to_stdout().print(table)
    if planned < found.smallest:
        note(f'Too small: set arena_bytes = {found.smallest}, or arena = "auto".')


def _setting(chosen: Workload) -> str:
    text = chosen.file.read_text(encoding="utf-8")
    setting = place(chosen.file, text, "arena" if chosen.arena_bytes is None else "arena_bytes")
    project = f"{places.project()}/"
    return setting.removeprefix(project)
