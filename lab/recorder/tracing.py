"""A dump as a trace: the samples, and as marks what the device made of them and what is missing.

A mark of an inference stands where the frames end that it was made of, and says all of it:
`inference 37: left detected (-128 12 95)`. `lab replay --against recorded` reads them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lab.output import one_line
from lab.recorder.dump import Dump, Inferred
from lab.signals.signal import SOUND
from lab.traces.trace import Held, Mark, RecordedSignal, Trace

_INFERENCE = re.compile(r"inference (\d{1,10}): (.{1,200}?)( detected)? \((-?\d{1,10}(?: -?\d{1,10}){0,99})?\)")
_SINCE_START = "its start"


def trace(dump: Dump) -> Trace:
    """The trace of a dump: time 0 is its first frame."""
    header = dump.header
    is_sound = header.axes == SOUND and not header.unit
    values = dump.samples / header.steps_per_unit
    signal = RecordedSignal(
        name=one_line(header.sensor),
        axes=tuple(map(one_line, header.axes)),
        units=(one_line(header.unit),) * header.channels,
        frames=Held(values),
        rate_hz=header.rate_hz,
        times_s=dump.offsets / header.rate_hz if len(dump.samples) < header.span else None,
        encoding="int16" if is_sound and header.steps_per_unit == 2**15 else "float64",
    )
    marks = sorted(_marks(dump), key=lambda mark: mark.time_s)
    return Trace((signal,) if len(values) else (), marks=tuple(marks))


def _marks(dump: Dump) -> Iterator[Mark]:
    header = dump.header
    begins_s = header.first / header.rate_hz
    since = f"{begins_s:.3f} s after its start" if header.first else _SINCE_START
    yield Mark(0.0, one_line(f"{header.firmware}: recorded from {since} on"))
    for one in dump.inferences:
        yield Mark(one.end / header.rate_hz, _text(one))
    for hole in dump.holes:
        seconds = hole.frames / header.rate_hz
        yield Mark(hole.begin / header.rate_hz, f"lost {hole.where}: {hole.frames} frames, {seconds:.4g} s")
    yield Mark(dump.seconds, one_line(f"dumped: {header.reason}"))


def _text(one: Inferred) -> str:
    detected = " detected" if one.detected else ""
    return f"inference {one.number}: {one_line(one.label)}{detected} ({' '.join(map(str, one.scores))})"


def inferred(mark: Mark) -> tuple[int, str, bool, tuple[int, ...]] | None:
    """Number, label, whether it was reported, and scores that a mark says; None if it is of something else."""
    found = _INFERENCE.fullmatch(mark.text)
    if found is None:
        return None
    scores = tuple(map(int, found[4].split())) if found[4] else ()
    return int(found[1]), found[2], found[3] is not None, scores


def is_since_start(marks: Sequence[Mark]) -> bool:
    """Whether the trace begins with the first frame that the device has heard."""
    return any(mark.text.endswith(f": recorded from {_SINCE_START} on") for mark in marks)


def summary(dump: Dump) -> Iterator[str]:
    """What was recorded, and what is missing, in lines for people."""
    header = dump.header
    inferences = f"{len(dump.inferences)} inference{'s' * (len(dump.inferences) != 1)}"
    yield (
        f"{header.sensor} of {header.firmware}: {dump.seconds:.3f} s at {header.rate_hz:g} Hz, {inferences}; "
        f"dumped because: {header.reason}"
    )
    if dump.lost_lines or not dump.whole:
        lines = f"{dump.lost_lines} line{'s' * (dump.lost_lines != 1)}"
        behind = "" if dump.whole else " and all behind the last one that arrived"
        yield (
            f"lost on the line: {lines}{behind}, with {dump.lost_on_the_line:,} of {header.frames:,} frames; "
            "each hole has a mark"
        )
    by_device = sum(hole.frames for hole in dump.holes if hole.where == "by the device")
    if by_device:
        yield f"lost by the device: {by_device:,} frames; each hole has a mark"
