"""Add labels to a trace, take them away, or list them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from lab import disk
from lab.cli._grouped import grouped
from lab.cli.trace._given import TraceFile, Unsaid, Written
from lab.errors import UsageError
from lab.output import one_line, say
from lab.traces import Label, Mark, Trace, formats, labels, writing

EXAMPLES = (
    "lab trace label field.wav --add yes@2.0-2.6 --add button@3.1",
    "lab trace label field.wav --import stream.txt",
    "lab trace label field.wav --remove yes@2.0",
)

_PLACE = re.compile(r"(?P<begin>\d{1,9}(?:\.\d{1,9})?)(?:-(?P<end>\d{1,9}(?:\.\d{1,9})?))?")
_SAME_S = 1e-3


@grouped
def command(
    file: TraceFile,
    unsaid: Unsaid,
    written: Written,
    add: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT@S-S", help="A label, or a mark with TEXT@S; may be repeated.", show_default="none"),
    ] = None,
    imported: Annotated[
        Path | None,
        typer.Option("--import", metavar="FILE", help="All of a file of labels.", show_default="none"),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT[@S]", help="What has that text, begins there; may be repeated.", show_default="none"
        ),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Print them, as Audacity writes them.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Another trace, with the labels.", show_default="the same")
    ] = None,
) -> int:
    """Add labels to a trace, take them away, or list them.

    They are written beside the trace, into a file such as field.labels.txt, which Audacity opens; of .npz they are in
    it, which --force replaces. A label file beside a trace is read by itself.
    """
    trace = unsaid.read(file)
    changed = trace
    for one in remove or ():
        changed = _without(changed, one)
    for one in add or ():
        changed = _with(changed, *_parsed(one))
    if imported is not None:
        spans, marks = labels.read(imported)
        changed = replace(changed, labels=(*changed.labels, *spans), marks=(*changed.marks, *marks))
    if out is not None:
        written.write(changed, out)
    elif add or remove or imported:
        _keep(changed, file, written)
    if listed or not (add or remove or imported or out):
        for line in labels.written(changed.labels, changed.marks).splitlines():
            say(line)
    return 0


def _keep(trace: Trace, file: Path, written: Written) -> None:
    if formats.by_ending()[file.suffix.lower()].HAS_LABELS:
        written.write(trace, file)
        return
    beside = labels.beside(file)
    disk.write(beside, labels.written(trace.labels, trace.marks), elsewhere=writing.ELSEWHERE)
    say(beside)


def _parsed(text: str) -> tuple[Label | None, Mark | None]:
    name, at, place = text.rpartition("@")
    found = _PLACE.fullmatch(place)
    begin = float(found["begin"]) if found else 0.0
    end = float(found["end"]) if found and found["end"] else begin
    if not at or not name or found is None or end < begin:
        raise UsageError(
            f"{text!r} is no label: TEXT@S-S is needed, seconds in order, or TEXT@S for a mark.",
            remedy="Write for example yes@2.0-2.6.",
        )
    return (None, Mark(begin, one_line(name))) if begin == end else (Label(begin, end, one_line(name)), None)


def _with(trace: Trace, label: Label | None, mark: Mark | None) -> Trace:
    return replace(
        trace,
        labels=(*trace.labels, *([label] if label else [])),
        marks=(*trace.marks, *([mark] if mark else [])),
    )


def _without(trace: Trace, wanted: str) -> Trace:
    """Without the labels and marks that were meant. Raises UsageError if there are none."""
    name, at, place = wanted.rpartition("@")
    number = _PLACE.fullmatch(place) if at else None
    text, begin = (name, float(number["begin"])) if number else (wanted, None)

    def stays(found: str, start_s: float) -> bool:
        return found != text or (begin is not None and abs(start_s - begin) > _SAME_S)

    left = replace(
        trace,
        labels=tuple(one for one in trace.labels if stays(one.text, one.start_s)),
        marks=tuple(one for one in trace.marks if stays(one.text, one.time_s)),
    )
    if (left.labels, left.marks) == (trace.labels, trace.marks):
        raise UsageError(f"The trace has no label {wanted!r}.", remedy="`lab trace label FILE --list` lists them.")
    return left
