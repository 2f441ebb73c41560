"""Add another trace to one: noise at a ratio of powers, or motion times a gain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from lab.cli._grouped import grouped
from lab.cli.trace._given import OutFile, TraceFile, Unsaid, Written
from lab.errors import UsageError
from lab.output import note
from lab.traces import RecordedSignal, Trace, editing, read

EXAMPLES = (
    "lab trace mix field.wav noisy.wav --with street.wav --snr-db 5",
    "lab trace mix wrist.csv shaking.csv --with pump.csv --gain 0.5 --at 12",
)


@grouped
def command(
    file: TraceFile,
    out: OutFile,
    unsaid: Unsaid,
    written: Written,
    added: Annotated[Path, typer.Option("--with", metavar="FILE", help="What is added.")],
    snr_db: Annotated[
        float | None,
        typer.Option(
            "--snr-db", min=-100, max=100, metavar="DB", help="The trace's power above that of what is added."
        ),
    ] = None,
    gain: Annotated[
        float | None, typer.Option(min=-1e6, max=1e6, metavar="N", help="What is added, times that.")
    ] = None,
    at_s: Annotated[
        float | None,
        typer.Option(
            "--at", metavar="S", help="Once, from that second on.", show_default="over and over, from the beginning"
        ),
    ] = None,
) -> int:
    """Add another trace to one, by ratio of powers or by gain; labels stay as they are.

    What is added is brought to the trace's rate and unit. The powers are those of the whole of what is added, and of
    the trace while it is added. Values beyond full scale are clipped and counted.
    """
    if (snr_db is None) == (gain is None):
        raise UsageError("How loud is what is added?", remedy="Say --snr-db or --gain, one of them.")
    trace = unsaid.read(file)
    signal, other = _only(trace, file), _only(read(added), added)
    if snr_db is not None:
        gain = editing.gain_for(signal, other, snr_db, at_s)
        note(f"{added.name} is added times {gain:.4g}")
    mixed = editing.mixed(signal, other, gain or 0.0, at_s)
    written.write(replace(trace, signals=(mixed,)), out)
    return 0


def _only(trace: Trace, path: Path) -> RecordedSignal:
    if len(trace.signals) != 1:
        raise UsageError(
            f"{path} has {len(trace.signals)} signals; one is needed.",
            remedy="Take one of them: `lab trace convert --signal NAME`.",
        )
    return trace.signals[0]
