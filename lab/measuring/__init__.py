"""Measuring: what a workload does on a target, as numbers; `measure` is the way in."""

from lab.measuring.ahead import build_ahead
from lab.measuring.measurement import ClipOutcome, Measurement, SkippedClip
from lab.measuring.request import Request
from lab.measuring.run import measure

__all__ = ["ClipOutcome", "Measurement", "Request", "SkippedClip", "build_ahead", "measure"]
