"""Write a trace in another format, at other times or another rate."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Annotated

import typer

from lab.cli._grouped import grouped
from lab.cli.trace._given import OutFile, TraceFile, Unsaid, Written
from lab.errors import UnknownName
from lab.traces import RecordedSignal, Trace, editing

EXAMPLES = (
    "lab trace convert field.wav field.flac",
    "lab trace convert wrist.csv wrist.resd --timing nominal --resample 52 --lossy",
    "lab trace convert samples.pcm field.wav --rate 16000 --encoding int16",
)


class Times(str, Enum):
    """Which times the frames get."""

    RECORDED = "recorded"
    NOMINAL = "nominal"


@grouped
def command(
    file: TraceFile,
    out: OutFile,
    unsaid: Unsaid,
    written: Written,
    timing: Annotated[
        Times, typer.Option(help="The times as they are, or frame after frame at the nominal rate.")
    ] = Times.RECORDED,
    resample: Annotated[
        float | None,
        typer.Option(metavar="HZ", min=1e-3, max=1e7, help="Another rate, by soxr.", show_default="the same"),
    ] = None,
    signal: Annotated[
        str | None, typer.Option(metavar="NAME", help="One signal of several.", show_default="all")
    ] = None,
) -> int:
    """Write a trace in another format.

    Values and times stay what they are. Where the format has no room for all that the trace holds, the error says what
    would be lost; --lossy loses it. Frames at uneven times are interpolated where they are resampled.
    """
    trace = unsaid.read(file)
    signals = trace.signals if signal is None else _named(trace, signal)
    converted = (_converted(one, timing, resample) for one in signals)
    written.write(replace(trace, signals=tuple(converted)), out)
    return 0


def _named(trace: Trace, name: str) -> tuple[RecordedSignal, ...]:
    found = tuple(one for one in trace.signals if one.name == name)
    if not found:
        raise UnknownName("signal of the trace", name, [one.name for one in trace.signals])
    return found


def _converted(signal: RecordedSignal, timing: Times, rate_hz: float | None) -> RecordedSignal:
    timed = editing.nominal(signal) if timing is Times.NOMINAL else signal
    return timed if rate_hz is None else editing.at_rate(timed, rate_hz)
