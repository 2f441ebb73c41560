"""Measuring: what a workload does on a target, as numbers; `measure` is the way in, `measure_stream` with a stream."""

from lab.measuring.ahead import build_ahead
from lab.measuring.measurement import Measurement
from lab.measuring.request import Request
from lab.measuring.run import measure
from lab.measuring.stream_run import measure_stream
from lab.outcomes.recording import ClipOutcome, SkippedClip
from lab.outcomes.stream import PartOutcome

__all__ = [
    "ClipOutcome",
    "Measurement",
    "PartOutcome",
    "Request",
    "SkippedClip",
    "build_ahead",
    "measure",
    "measure_stream",
]
