"""What a run measures, by name: the one list that limits, results and pages go by.

`lab.measuring.metrics` computes them; docs/numbers.md defines each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["exact", "modelled", "measured"]
Mode = Literal["clip", "stream"]
"""Whether recordings are played one by one, a decision each, or a stream with words in it."""


@dataclass(frozen=True)
class Definition:
    """The unit of a metric, empty for a share or a count, and how its numbers come about."""

    unit: str
    kind: Kind
    of_cycles: bool = False
    """Whether it has no value with an engine that counts no cycles."""


METRICS = {
    "accuracy": Definition("", "exact"),
    "bit_exact": Definition("", "exact"),
    "instructions_per_inference": Definition("instructions", "exact"),
    "cycles_per_inference": Definition("cycles", "modelled", of_cycles=True),
    "latency_ms": Definition("ms", "modelled", of_cycles=True),
    "cpu_load": Definition("", "modelled", of_cycles=True),
    "realtime_headroom": Definition("", "modelled", of_cycles=True),
    "flash_bytes": Definition("bytes", "exact"),
    "ram_bytes": Definition("bytes", "exact"),
    "arena_used_bytes": Definition("bytes", "exact"),
    "stack_used_bytes": Definition("bytes", "measured"),
    "missed_deadlines": Definition("", "exact"),
}
"""Of a run that plays recordings one by one, in the order in which they are shown."""

STREAM_METRICS = {
    "miss_rate": Definition("", "exact"),
    "false_accepts_per_hour": Definition("1/h", "exact"),
    "detection_delay_ms": Definition("ms", "modelled"),
    "worst_detection_delay_ms": Definition("ms", "modelled"),
    "missed_deadlines": Definition("", "modelled"),
    "cpu_load": Definition("", "modelled"),
    "stack_used_bytes": Definition("bytes", "measured"),
}
"""Of a run that plays a stream."""

OF_STREAMS = "-stream"
"""How the variant of a run ends that played one, so that it is told from one of recordings."""

METRICS_OF: dict[Mode, dict[str, Definition]] = {"clip": METRICS, "stream": STREAM_METRICS}
