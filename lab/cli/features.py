"""Compute a workload's features for recordings, for notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab import target, workload
from lab.cli._options import WorkloadName
from lab.measuring import Request, chosen
from lab.output import note, say
from lab.recordings.splits import Part
from lab.training import features_file

GROUP = "Build and train"
EXAMPLES = (
    "lab features keyword-spotting",
    "lab features keyword-spotting --recordings my-recordings --part train --out train.npz",
)


def command(
    name: WorkloadName,
    recordings: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A folder of recordings.", show_default="those that ship"),
    ] = None,
    part: Annotated[Part | None, typer.Option(help="Only recordings of this part of the workload's split.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The .npz to write.", show_default="WORKLOAD.npz"),
    ] = None,
) -> int:
    """Compute the features of recordings with the device's own sources, and write them to one .npz file.

    It has features (int8), scale and zero_point, label, label_names, name and speaker: docs/features.md.
    """
    wanted = workload.load(name)
    file = out or Path(f"{wanted.name}.npz")
    request = Request(wanted, target.choose(wanted, None), recordings=recordings, part=part)
    found = chosen.recordings(request, note)
    for one in found.notes:
        note(one)
    features = features_file.write(found, wanted, file, note)
    note(f"{len(features):,} recordings, features {' x '.join(map(str, features.shape[1:]))}")
    if ends := features_file.at_ends(features):
        note(ends)
    say(file)
    return 0
