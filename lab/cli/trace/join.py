"""Write traces one after the other, as one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab.cli._grouped import grouped
from lab.cli.trace._given import OutFile, Written
from lab.errors import UsageError
from lab.output import note
from lab.traces import joining, read, writing
from lab.traces.joining import Part

EXAMPLES = (
    "lab trace join quiet.wav yes.wav quiet.wav field.wav",
    "lab trace join walk.csv run.csv walk.csv day.npz --gap 0.5",
)


@grouped
def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Traces, in that order.")],
    out: OutFile,
    written: Written,
    gap_s: Annotated[
        float, typer.Option("--gap", min=0, max=86_400, metavar="S", help="Seconds between one and the next.")
    ] = 0.0,
) -> int:
    """Write traces of one sensor one after the other, as one; labels and marks stay where they are in their part.

    All must have the same axes and rate. A gap is silence in sound; in other signals the last frame is held.
    """
    if len(files) < 2:
        raise UsageError(f"There is only {files[0]} to join.", remedy="Name two traces or more, and then OUT.")
    writing.check_free([out], force=written.force)
    parts = [Part(file.name, read(file)) for file in files]
    for part in parts:
        for one in part.trace.notes:
            note(f"{part.name}: {one}")
    written.write(joining.joined(parts, gap_s), out)
    return 0
