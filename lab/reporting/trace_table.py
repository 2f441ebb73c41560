"""What is in a trace, in the terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from lab.output import one_line
from lab.reporting.wording import plural
from lab.traces.describing import SignalFacts
from lab.traces.timing import Clock
from lab.traces.trace import Trace

_SHOWN = 20
"""Gaps, labels and marks in the terminal."""

_LONGEST = 40
"""Characters of an axis' name."""


def to_json(path: Path, trace: Trace, facts: Sequence[SignalFacts]) -> str:
    """All of it; the bytes of UARTs as numbers of bytes."""
    whole = {
        "trace": str(path),
        "end_s": trace.end_s,
        "signals": [asdict(one) for one in facts],
        "labels": [asdict(one) for one in trace.labels],
        "marks": [asdict(one) for one in trace.marks],
        "received": [{"time_s": one.time_s, "channel": one.channel, "bytes": len(one.data)} for one in trace.received],
        "notes": list(trace.notes),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def print_trace(path: Path, trace: Trace, facts: Sequence[SignalFacts], console: Console) -> None:
    """Print each signal with its axes, then labels, marks and what UARTs received."""
    console.print(f"{path}: {_contents(trace)}", soft_wrap=True)
    for one in facts:
        console.print()
        for line in _lines(one):
            console.print(line, soft_wrap=True)
        console.print(_axes(one))
    if trace.labels or trace.marks:
        console.print()
        console.print(_events(trace))
    if trace.received:
        console.print()
        for line in _received(trace):
            console.print(line, soft_wrap=True)
    for note in trace.notes:
        console.print(f"note: {note}", soft_wrap=True)


def _contents(trace: Trace) -> str:
    counted = ((len(trace.labels), "label"), (len(trace.marks), "mark"))
    parts = [plural(len(trace.signals), "signal"), *(plural(count, noun) for count, noun in counted if count)]
    return f"{', '.join(parts)}, until {_time(trace.end_s)}"


def _lines(one: SignalFacts) -> Iterator[str]:
    name = f"signal {one_line(one.name)}: " if one.name else ""
    lasts = f"{one.begin_s:.6g} to {_time(one.end_s)}" if one.begin_s else _time(one.end_s)
    yield f"{name}{plural(one.frames, 'frame')}, {lasts}, {one.encoding}"
    if one.clock is None:
        yield f"  rate    {one.rate_hz:,.9g} Hz, even"
        return
    measured = f", {one.clock.rate_hz:,.9g} Hz measured: a drift of {one.drift_ppm:+,.0f} ppm"
    yield f"  rate    {one.rate_hz:,.9g} Hz{measured if one.drift_ppm else ''}, uneven"
    yield f"  jitter  {_jitter(one.clock)}"
    yield f"  gaps    {_gaps(one)}"


def _jitter(clock: Clock) -> str:
    wander = f"frames up to {_short(clock.wander_s)} off a steady clock"
    return f"{_short(clock.jitter_s)} on the whole, {_short(clock.most_s)} at most; {wander}"


def _gaps(one: SignalFacts) -> str:
    if not one.gaps:
        return "none"
    shown = "; ".join(
        f"{gap.start_s:.6g} to {gap.end_s:.6g} s ({plural(gap.missing, 'frame')})" for gap in one.gaps[:_SHOWN]
    )
    more = f"; {len(one.gaps) - _SHOWN:,} more" if len(one.gaps) > _SHOWN else ""
    missing_s = sum(gap.end_s - gap.start_s for gap in one.gaps)
    return f"{len(one.gaps):,}, {_time(missing_s)} in all: {shown}{more}"


def _axes(one: SignalFacts) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("axis", "unit"):
        table.add_column(heading)
    for heading in ("lowest", "highest", "mean", "rms", "clipped"):
        table.add_column(heading, justify="right")
    for axis in one.axes:
        numbers = (axis.lowest, axis.highest, axis.mean, axis.rms)
        named = one_line(axis.name)[:_LONGEST], one_line(axis.unit)[:_LONGEST]
        table.add_row(*named, *(f"{value:.4g}" for value in numbers), f"{axis.clipped:,}")
    return table


def _events(trace: Trace) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("from", justify="right")
    table.add_column("to", justify="right")
    table.add_column("label or mark")
    every = [(one.start_s, f"{one.start_s:.3f}", f"{one.end_s:.3f}", one.text) for one in trace.labels]
    every += [(one.time_s, f"{one.time_s:.3f}", "", one.text) for one in trace.marks]
    for _, begin, end, text in sorted(every)[:_SHOWN]:
        table.add_row(begin, end, one_line(text)[:200])
    if len(every) > _SHOWN:
        table.add_row("", "", f"{len(every) - _SHOWN:,} more")
    return table


def _received(trace: Trace) -> Iterator[str]:
    for channel in sorted({one.channel for one in trace.received}):
        some = [one for one in trace.received if one.channel == channel]
        size = sum(len(one.data) for one in some)
        times = f"{some[0].time_s:.6g} to {_time(some[-1].time_s)}"
        yield f"UART {channel}: {plural(size, 'byte')} in {plural(len(some), 'piece')}, {times}"


def _time(seconds: float) -> str:
    """12.5 s, or 1:02:03.5 h."""
    if abs(seconds) < 600:
        return f"{seconds:.6g} s"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{rest:04.1f} h"


def _short(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms"
