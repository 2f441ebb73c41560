"""Write a part of a trace, or each part that has a label."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab.cli._grouped import grouped
from lab.cli.trace._given import OutFile, TraceFile, Unsaid, Written
from lab.errors import UnknownName, UsageError
from lab.traces import editing

EXAMPLES = (
    "lab trace cut field.wav yes.wav --from 2.0 --to 3.0",
    "lab trace cut wrist.csv wing.csv --label wing",
)


@grouped
def command(
    file: TraceFile,
    out: OutFile,
    unsaid: Unsaid,
    written: Written,
    from_s: Annotated[
        float | None, typer.Option("--from", metavar="S", help="Second of the trace.", show_default="0")
    ] = None,
    to_s: Annotated[
        float | None, typer.Option("--to", metavar="S", help="Second of the trace.", show_default="its end")
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Each part of that label, into OUT with a number.", show_default="none"),
    ] = None,
) -> int:
    """Write a part of a trace, which then begins at 0 s, with its labels.

    With --label each part of that label is written: for wing.csv into wing_00.csv, wing_01.csv and so on, named as
    recordings are.
    """
    if (label is None) == (from_s is None and to_s is None):
        raise UsageError("Which part?", remedy="Say --from and --to, one of them, or --label.")
    trace = unsaid.read(file)
    if label is None:
        written.write(editing.cut(trace, from_s or 0.0, trace.end_s if to_s is None else to_s), out)
        return 0
    parts = list(editing.every(trace, label))
    if not parts:
        raise UnknownName("label of the trace", label, {one.text for one in trace.labels})
    digits = max(2, len(str(len(parts) - 1)))
    for number, part in enumerate(parts):
        written.write(part, _numbered(out, number, digits))
    return 0


def _numbered(out: Path, number: int, digits: int) -> Path:
    return out.with_name(f"{out.stem}_{number:0{digits}}{out.suffix}")
