"""Show what is in a trace: axes, rates, jitter, gaps, drift, clipping, labels."""

from __future__ import annotations

from typing import Annotated

import typer

from lab.cli._grouped import grouped
from lab.cli.trace._given import TraceFile, Unsaid
from lab.output import say_json
from lab.reporting import trace_table
from lab.reporting.console import to_stdout
from lab.traces import describing

EXAMPLES = ("lab trace info field.wav", "lab trace info samples.pcm --rate 16000 --encoding int16 --json")


@grouped
def command(
    file: TraceFile,
    unsaid: Unsaid,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> int:
    """Show what is in a trace: axes and units, rates, jitter, gaps, drift, clipping, labels.

    All of it is read, in pieces. docs/traces.md says what the numbers mean.
    """
    trace = unsaid.read(file)
    facts = describing.describe(trace)
    if as_json:
        say_json(trace_table.to_json(file, trace, facts))
    else:
        trace_table.print_trace(file, trace, facts, to_stdout())
    return 0
