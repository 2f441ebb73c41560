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
    """What a metric is, in a sentence; its unit, empty for a share or a count; and how its numbers come about.

    `over` is None for what no recording has a value of its own of: sizes, and how well a stream as a whole was heard.
    """

    meaning: str
    unit: str
    kind: Kind
    over: Over | None = None
    share: bool = False
    """Whether it is a part of a whole, and shown in per cent."""
    of_cycles: bool = False
    """Whether it has no value with an engine that counts no cycles."""


METRICS = {
    "accuracy": Definition("Share of recordings whose label the device printed", "", "exact", "mean", share=True),
    "bit_exact": Definition(
        "Share of recordings on which samples, features, scores and decision equal the host's",
        "",
        "exact",
        "mean",
        share=True,
    ),
    "instructions_per_inference": Definition(
        "Instructions of an inference, interrupts included; the slowest recording", "instructions", "exact", "largest"
    ),
    "cycles_per_inference": Definition(
        "Core clock cycles of an inference, by the cost model; the slowest recording",
        "cycles",
        "modelled",
        "largest",
        of_cycles=True,
    ),
    "latency_ms": Definition(
        "Duration of an inference at the core's clock; the slowest recording",
        "ms",
        "modelled",
        "largest",
        of_cycles=True,
    ),
    "cpu_load": Definition(
        "Share of the core's cycles in which it is awake; the busiest recording",
        "",
        "modelled",
        "largest",
        share=True,
        of_cycles=True,
    ),
    "realtime_headroom": Definition(
        "How many times over the core keeps up with the signal; below 1 it cannot",
        "",
        "modelled",
        "smallest",
        of_cycles=True,
    ),
    "flash_bytes": Definition("Code, model, constants and initialised data", "bytes", "exact"),
    "ram_bytes": Definition("Stack, arena, buffers and data", "bytes", "exact"),
    "arena_used_bytes": Definition("What TFLM allocated on the device", "bytes", "exact"),
    "stack_used_bytes": Definition(
        "Deepest use of the painted stack; the worst-case recording", "bytes", "measured", "largest"
    ),
    "missed_deadlines": Definition("Late inferences, and lost samples in units of a feature step", "", "exact", "sum"),
}
"""Of a run that plays recordings one by one, in the order in which they are shown."""

STREAM_METRICS = {
    "miss_rate": Definition("Share of the words that were not detected", "", "exact", share=True),
    "false_accepts_per_hour": Definition("Detections where that word was not said", "1/h", "exact"),
    "detection_delay_ms": Definition("From the end of a word to its detection; the median", "ms", "modelled"),
    "worst_detection_delay_ms": Definition("From the end of a word to its detection; the longest", "ms", "modelled"),
    "missed_deadlines": Definition(
        "Late inferences, and lost samples in units of a feature step", "", "modelled", "sum"
    ),
    "cpu_load": Definition(
        "Share of the core's cycles in which it is awake; the busiest recording", "", "modelled", "largest", share=True
    ),
    "stack_used_bytes": Definition(
        "Deepest use of the painted stack; the worst-case recording", "bytes", "measured", "largest"
    ),
}
"""Of a run that plays a stream."""

OF_STREAMS = "-stream"
"""How the variant of a run ends that played one, so that it is told from one of recordings."""

ALL = METRICS | STREAM_METRICS
"""By name, whatever is played."""

METRICS_OF: dict[Mode, dict[str, Definition]] = {"clip": METRICS, "stream": STREAM_METRICS}


def meaning(name: str) -> str:
    """What the metric of that name is, in a sentence; nothing for a name of another origin."""
    return ALL[name].meaning if name in ALL else ""


def is_share(name: str) -> bool:
    """Whether the metric of that name is shown in per cent."""
    return name in ALL and ALL[name].share


def spelled(value: Number, metric: str = "") -> str:
    """A number for people: `29,025,682`, six significant digits of one with a fraction, `89.256 %` for a share."""
    if is_share(metric):
        return f"{value * 100:.5g} %"
    return f"{int(value):,}" if value == int(value) else f"{value:,.6g}"


def over_recordings(name: str, values: Sequence[Number | None]) -> Number | None:
    """The metric of a run from the values of its recordings; None if one is unknown, or if there are none."""
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return None
    over = ALL[name].over
    if over == "mean":
        return sum(known) / len(known)
    return sum(known) if over == "sum" else max(known) if over == "largest" else min(known)
