"""Metrics of a run, from what was heard of each recording.

Counts are of the slowest recording, because that is the one that misses a deadline: they are whole numbers that any
change of the program moves. Load and headroom are of the recording that keeps the core busiest, for the same reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from lab.measuring.measurement import ClipOutcome, Memory, Metric
from lab.measuring.stream_outcome import PartOutcome, StreamOutcome
from lab.metrics import METRICS, STREAM_METRICS
from lab.recordings.collection import UNKNOWN
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


def of_stream(stream: StreamOutcome, workload: Workload) -> dict[str, Metric]:
    """Every metric of a stream by name, None where nothing was heard that it is of."""
    missed = [word.fate != "heard" for word in stream.words if word.word.label != UNKNOWN]
    delays = [one.delay_ms for one in stream.detections if one.delay_ms is not None]
    falsely = sum(one.standing != "right" for one in stream.detections)
    values = {
        "miss_rate": _share(missed),
        "false_accepts_per_hour": falsely / stream.seconds * 3600 if stream.seconds else None,
        "detection_delay_ms": round(median(delays), 3) if delays else None,
        "worst_detection_delay_ms": round(max(delays), 3) if delays else None,
        "missed_deadlines": _missed(stream.parts, workload),
        "cpu_load": _largest([part.cpu_load for part in stream.parts]),
        "stack_used_bytes": _largest([part.stack_used for part in stream.parts]),
    }
    return {name: Metric(values[name], metric.unit, metric.kind) for name, metric in STREAM_METRICS.items()}


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


def _missed(heard: Sequence[ClipOutcome] | Sequence[PartOutcome], workload: Workload) -> int | None:
    """Late inferences, and lost samples in units of a feature step (rounded up by recording)."""
    step = workload.input.rate_hz * workload.features.step_ms // 1000
    told = [
        one.late_inferences + -(-one.lost_samples // step)
        for one in heard
        if one.late_inferences is not None and one.lost_samples is not None
    ]
    return sum(told) if told else None


def _share(truths: Sequence[bool]) -> float | None:
    return sum(truths) / len(truths) if truths else None


def _largest(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return max(known) if known and len(known) == len(values) else None
