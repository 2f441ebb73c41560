"""Write a folder that renode-test runs without the lab: suite, firmware, board, clips, expected results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab import building, target, workload
from lab.cli._options import ModelFile, WorkloadBoard, WorkloadName
from lab.model import Model
from lab.output import note, say
from lab.robot_renode import export

GROUP = "Build and train"
EXAMPLES = ("lab export keyword-spotting exported --target nano33ble",)


def command(
    name: WorkloadName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write or overwrite.")],
    board: WorkloadBoard = None,
    model: ModelFile = None,
) -> None:
    """Write a folder for Renode users who do not have the lab; print the path of its suite.

    It has the workload's suite of Renode's own keywords, the firmware, the board's description and script, for each
    label one correctly classified recording as raw samples, and a variables file with the expected results.
    """
    chosen = workload.load(name)
    on = target.choose(chosen, board)
    export.script_of(on)
    network = Model.read(model or chosen.model_path)
    network.check(chosen)
    built = building.build(chosen, on, network, on_stage=note)
    exported = export.write(folder, chosen, on, network, built)
    for label in exported.left_out:
        note(f"no clip of {label}: the model hears none of its recordings as such")
    say(exported.suite or exported.folder)
