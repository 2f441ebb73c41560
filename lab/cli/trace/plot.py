"""Draw a trace: waveform and spectrogram, or axes, with labels, marks and gaps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab import chart_file
from lab.cli._grouped import grouped
from lab.cli.trace._given import TraceFile, Unsaid
from lab.output import say
from lab.traces import editing, writing

EXAMPLES = ("lab trace plot field.wav field.png", "lab trace plot wrist.csv wrist.svg --from 10 --to 20")


@grouped
def command(
    file: TraceFile,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A .png, .svg or .pdf.")],
    unsaid: Unsaid,
    from_s: Annotated[float, typer.Option("--from", metavar="S", help="Second of the trace.")] = 0.0,
    to_s: Annotated[
        float | None, typer.Option("--to", metavar="S", help="Second of the trace.", show_default="its end")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> int:
    """Draw a trace: sound as waveform and spectrogram, other signals axis by axis, with labels, marks and gaps."""
    chart_file.check(out)
    writing.check_free([out], force=force)
    trace = unsaid.read(file)
    if from_s or to_s is not None:
        trace = editing.cut(trace, from_s, trace.end_s if to_s is None else to_s)
    from lab.reporting import trace_plot  # noqa: PLC0415 - loads Matplotlib

    trace_plot.save(trace, out, file.name, from_s)
    say(out)
    return 0
