"""Write a folder that renode-test runs without the lab: suite, firmware, board, recordings, expected results."""

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
EXAMPLES = ("lab export keyword-spotting exported --target nano33ble", "lab export gesture-recognition exported")


def command(
    name: WorkloadName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write or overwrite.")],
    board: WorkloadBoard = None,
    model: ModelFile = None,
) -> None:
    """Write a folder for Renode users who do not have the lab; print the path of its suite.

    It has a suite of Renode's own keywords, the firmware, the board's description and script, for each label one
    correctly classified recording as raw samples, and a variables file with the expected results.
    """
    chosen = workload.load(name)
    on = target.choose(chosen, board)
    export.script_of(on, chosen.input)
    network = Model.read(model or chosen.model_path)
    network.check(chosen)
    built = building.build(chosen, on, network, on_stage=note)
    exported = export.write(folder, chosen, on, network, built)
    for label in exported.left_out:
        note(f"no recording of {label}: the model decides for it on none of them")
    say(exported.suite)
