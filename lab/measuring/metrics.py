"""Metrics of a run, from what was heard of each recording.

Counts are of the slowest recording, because that is the one that misses a deadline: they are whole numbers that any
change of the program moves. Load and headroom are of the recording that keeps the core busiest, for the same reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from lab.measuring.measurement import ClipOutcome, Memory, Metric
from lab.metrics import METRICS
from lab.target import Target
from lab.workload import Workload


def of(
    clips: Sequence[ClipOutcome],
    arena_used: int | None,
    memory: Memory,
    workload: Workload,
    target: Target,
    untold: frozenset[str] = frozenset(),
) -> dict[str, Metric]:
    """Every metric by name; None for what nobody knows, `untold` included, and those of clips when none was heard."""
    counted = [clip for clip in clips if clip.instructions is not None]
    cycles = _largest([clip.cycles for clip in counted])
    values = {
        "accuracy": _share([clip.correct for clip in clips]),
        "bit_exact": _share([clip.difference is None for clip in clips if clip.host_scores]),
        "instructions_per_inference": _largest([clip.instructions for clip in counted]),
        "cycles_per_inference": cycles,
        "latency_ms": None if cycles is None else cycles / target.core.clock_hz * 1e3,
        "cpu_load": _largest([clip.cpu_load for clip in clips]),
        "realtime_headroom": _headroom(counted, workload, target),
        "flash_bytes": memory.flash_bytes,
        "ram_bytes": memory.ram_bytes,
        "arena_used_bytes": arena_used,
        "stack_used_bytes": _largest([clip.stack_used for clip in clips]),
        "missed_deadlines": _missed(clips, workload),
    }
    return {
        name: Metric(None if name in untold else values[name], metric.unit, metric.kind)
        for name, metric in METRICS.items()
    }


def _headroom(clips: Sequence[ClipOutcome], workload: Workload, target: Target) -> float | None:
    """How often the clock cycles of a stride hold what one asks for: an inference, and the features of its sound.

    The features are what a recording takes besides its inference, in proportion to its length.
    """
    stride_s = workload.streaming.stride_ms / 1e3
    strides = stride_s / workload.input.window_s
    needed = _largest([_cycles_of_a_stride(clip, strides) for clip in clips])
    return None if needed is None else stride_s * target.core.clock_hz / needed


def _cycles_of_a_stride(clip: ClipOutcome, strides: float) -> float | None:
    if clip.cycles is None or clip.awake_cycles is None:
        return None
    return clip.cycles + (clip.awake_cycles - clip.cycles) * strides


def _missed(clips: Sequence[ClipOutcome], workload: Workload) -> int | None:
    """Late inferences, and lost samples in units of a feature step (rounded up by recording)."""
    step = workload.input.rate_hz * workload.features.step_ms // 1000
    told = [
        clip.late_inferences + -(-clip.lost_samples // step)
        for clip in clips
        if clip.late_inferences is not None and clip.lost_samples is not None
    ]
    return sum(told) if told else None


def _share(truths: Sequence[bool]) -> float | None:
    return sum(truths) / len(truths) if truths else None


def _largest(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return max(known) if known and len(known) == len(values) else None
