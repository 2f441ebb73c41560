"""What a run measures, by name: the one list that limits, results and pages go by.

`lab.measuring.metrics` computes them; docs/numbers.md defines each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["exact", "modelled", "measured"]


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
"""In the order in which they are shown."""
