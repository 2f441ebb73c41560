"""What a run measures, by name: the one list that limits, results and pages go by.

`lab.measuring.metrics` computes them; docs/numbers.md defines each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Number = int | float
Kind = Literal["exact", "modelled", "measured"]
Mode = Literal["clip", "stream"]
"""Whether recordings are played one by one, a decision each, or a stream with words in it."""
Over = Literal["mean", "largest", "smallest", "sum"]
"""How the value of a run is made from those of its recordings."""


@dataclass(frozen=True)
class Definition:
    """The unit of a metric, empty for a share or a count, and how its numbers come about.

    `over` is None for what no recording has a value of its own of: sizes, and how well a stream as a whole was heard.
    """

    unit: str
    kind: Kind
    over: Over | None = None
    of_cycles: bool = False
    """Whether it has no value with an engine that counts no cycles."""


METRICS = {
    "accuracy": Definition("", "exact", "mean"),
    "bit_exact": Definition("", "exact", "mean"),
    "instructions_per_inference": Definition("instructions", "exact", "largest"),
    "cycles_per_inference": Definition("cycles", "modelled", "largest", of_cycles=True),
    "latency_ms": Definition("ms", "modelled", "largest", of_cycles=True),
    "cpu_load": Definition("", "modelled", "largest", of_cycles=True),
    "realtime_headroom": Definition("", "modelled", "smallest", of_cycles=True),
    "flash_bytes": Definition("bytes", "exact"),
    "ram_bytes": Definition("bytes", "exact"),
    "arena_used_bytes": Definition("bytes", "exact"),
    "stack_used_bytes": Definition("bytes", "measured", "largest"),
    "missed_deadlines": Definition("", "exact", "sum"),
}
"""Of a run that plays recordings one by one, in the order in which they are shown."""

STREAM_METRICS = {
    "miss_rate": Definition("", "exact"),
    "false_accepts_per_hour": Definition("1/h", "exact"),
    "detection_delay_ms": Definition("ms", "modelled"),
    "worst_detection_delay_ms": Definition("ms", "modelled"),
    "missed_deadlines": Definition("", "modelled", "sum"),
    "cpu_load": Definition("", "modelled", "largest"),
    "stack_used_bytes": Definition("bytes", "measured", "largest"),
}
"""Of a run that plays a stream."""

OF_STREAMS = "-stream"
"""How the variant of a run ends that played one, so that it is told from one of recordings."""

METRICS_OF: dict[Mode, dict[str, Definition]] = {"clip": METRICS, "stream": STREAM_METRICS}


def over_recordings(name: str, values: Sequence[Number | None]) -> Number | None:
    """The metric of a run from the values of its recordings; None if one is unknown, or if there are none."""
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return None
    over = (METRICS | STREAM_METRICS)[name].over
    if over == "mean":
        return sum(known) / len(known)
    return sum(known) if over == "sum" else max(known) if over == "largest" else min(known)
