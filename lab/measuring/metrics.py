"""Metrics of a run, from what was heard of each recording.

Counts are of the slowest recording, because that is the one that misses a deadline: they are whole numbers that any
change of the program moves. Load and headroom are of the recording that keeps the core busiest, for the same reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from lab.measuring.measurement import ClipOutcome, Memory, Metric
from lab.measuring.stream_outcome import PartOutcome, StreamOutcome
from lab.metrics import METRICS, STREAM_METRICS, Number, over_recordings
from lab.recordings.collection import UNKNOWN
from lab.target import Target
from lab.workload import Workload

Values = Mapping[str, Number | None]
"""By metric."""


def of_clip(clip: ClipOutcome, workload: Workload, target: Target) -> Values:
    """What a recording has of each metric that is made over recordings; without those that nobody told of it."""
    told: dict[str, Number | None] = {"accuracy": int(clip.correct)}
    if clip.host_scores:
        told["bit_exact"] = int(clip.difference is None)
    if clip.instructions is not None:
        told["instructions_per_inference"] = clip.instructions
        told["cycles_per_inference"] = clip.cycles
        told["latency_ms"] = None if clip.cycles is None else clip.cycles / target.core.clock_hz * 1e3
        told["realtime_headroom"] = _headroom(clip, workload, target)
    told["cpu_load"] = clip.cpu_load
    told["stack_used_bytes"] = clip.stack_used
    if clip.late_inferences is not None and clip.lost_samples is not None:
        told["missed_deadlines"] = _missed(clip.late_inferences, clip.lost_samples, workload)
    return told


def of_part(part: PartOutcome, workload: Workload) -> Values:
    """The same of a part of a stream."""
    return {
        "missed_deadlines": _missed(part.late_inferences, part.lost_samples, workload),
        "cpu_load": part.cpu_load,
        "stack_used_bytes": part.stack_used,
    }


def of(
    clips: Sequence[Values], arena_used: int | None, memory: Memory, untold: frozenset[str] = frozenset()
) -> dict[str, Metric]:
    """Every metric by name, from those of each clip; None for what nobody knows, `untold` included."""
    sizes: Values = {
        "flash_bytes": memory.flash_bytes,
        "ram_bytes": memory.ram_bytes,
        "arena_used_bytes": arena_used,
    }
    values = {name: sizes[name] if name in sizes else _over(name, clips) for name in METRICS}
    return {
        name: Metric(None if name in untold else values[name], metric.unit, metric.kind)
        for name, metric in METRICS.items()
    }


def of_stream(stream: StreamOutcome, workload: Workload) -> dict[str, Metric]:
    """Every metric of a stream by name, None where nothing was heard that it is of."""
    parts = [of_part(part, workload) for part in stream.parts]
    missed = [word.fate != "heard" for word in stream.words if word.word.label != UNKNOWN]
    delays = [one.delay_ms for one in stream.detections if one.delay_ms is not None]
    falsely = sum(one.standing != "right" for one in stream.detections)
    heard = {
        "miss_rate": sum(missed) / len(missed) if missed else None,
        "false_accepts_per_hour": falsely / stream.seconds * 3600 if stream.seconds else None,
        "detection_delay_ms": round(median(delays), 3) if delays else None,
        "worst_detection_delay_ms": round(max(delays), 3) if delays else None,
    }
    values = {name: heard[name] if name in heard else _over(name, parts) for name in STREAM_METRICS}
    return {name: Metric(values[name], metric.unit, metric.kind) for name, metric in STREAM_METRICS.items()}


def _over(name: str, values: Sequence[Values]) -> Number | None:
    return over_recordings(name, [one[name] for one in values if name in one])


def _headroom(clip: ClipOutcome, workload: Workload, target: Target) -> float | None:
    """How often the clock cycles of a stride hold what one asks for: an inference, and the features of its sound.

    The features are what a recording takes besides its inference, in proportion to its length.
    """
    if clip.cycles is None or clip.awake_cycles is None:
        return None
    stride_s = workload.streaming.stride_ms / 1e3
    strides = stride_s / workload.input.window_s
    return stride_s * target.core.clock_hz / (clip.cycles + (clip.awake_cycles - clip.cycles) * strides)


def _missed(late_inferences: int, lost_samples: int, workload: Workload) -> int:
    """Late inferences, and lost samples in units of a feature step, rounded up."""
    step = workload.input.rate_hz * workload.features.step_ms // 1000
    return late_inferences + -(-lost_samples // step)
