"""Metrics of a run, from what was heard of each recording.

Counts are of the slowest recording, because that is the one that misses a deadline: they are whole numbers that any
change of the program moves.
"""

from __future__ import annotations

from collections.abc import Sequence

from lab.measuring.device_log import Boot
from lab.measuring.measurement import ClipOutcome, Memory, Metric
from lab.target import Target
from lab.workload import Workload


def of(
    clips: Sequence[ClipOutcome], boot: Boot, memory: Memory, workload: Workload, target: Target
) -> dict[str, Metric]:
    """Every metric by name; those of clips are None when none was heard."""
    cycles = _largest([clip.cycles for clip in clips])
    return {
        "accuracy": Metric(_share([clip.correct for clip in clips]), "", "exact"),
        "bit_exact": Metric(_share([clip.difference is None for clip in clips]), "", "exact"),
        "instructions_per_inference": Metric(_largest([clip.instructions for clip in clips]), "instructions", "exact"),
        "cycles_per_inference": Metric(cycles, "cycles", "modelled"),
        "latency_ms": Metric(None if cycles is None else cycles / target.core.clock_hz * 1e3, "ms", "modelled"),
        "cpu_load": Metric(_largest([clip.cpu_load for clip in clips]), "", "modelled"),
        "flash_bytes": Metric(memory.flash_bytes, "bytes", "exact"),
        "ram_bytes": Metric(memory.ram_bytes, "bytes", "exact"),
        "arena_used_bytes": Metric(boot.arena_used, "bytes", "exact"),
        "stack_used_bytes": Metric(_largest([clip.stack_used for clip in clips]), "bytes", "measured"),
        "missed_deadlines": Metric(_missed(clips, workload) if clips else None, "", "exact"),
    }


def _missed(clips: Sequence[ClipOutcome], workload: Workload) -> int:
    """Late inferences, and lost samples in units of a feature step (rounded up by recording)."""
    step = workload.input.rate_hz * workload.features.step_ms // 1000
    return sum(clip.late_inferences + -(-clip.lost_samples // step) for clip in clips)


def _share(truths: Sequence[bool]) -> float | None:
    return sum(truths) / len(truths) if truths else None


def _largest(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return max(known) if known and len(known) == len(values) else None
