"""Traces: what happened to a board, as somebody recorded it, and the formats in which that is written."""

from lab.traces.reading import described_by, read
from lab.traces.trace import Frames, Held, Label, Mark, Received, RecordedSignal, Trace, Values
from lab.traces.writing import write

__all__ = [
    "Frames",
    "Held",
    "Label",
    "Mark",
    "Received",
    "RecordedSignal",
    "Trace",
    "Values",
    "described_by",
    "read",
    "write",
]
