"""Metrics of a run, from what was heard: `lab.metrics` says what each is, and this what each is computed of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.metrics import Conditions, Metric, PlayedRecordings, Quantity, Ratios, Streamed, Values
from lab.outcomes.recording import ClipOutcome
from lab.outcomes.stream import PartOutcome, StreamOutcome
from lab.target import Target
from lab.workload import Workload


def conditions(workload: Workload, target: Target) -> Conditions:
    """What numbers of the workload on that board depend on."""
    step_frames = workload.features.step_frames(workload.input)
    stride_frames = max(workload.decision.stride_steps(workload) * step_frames, workload.features.apart(workload.input))
    content_s = workload.input.content / workload.input.rate_hz
    return Conditions(
        clock_hz=target.core.clock_hz,
        window_s=workload.input.window_s,
        recording_s=min(workload.input.hop_s or content_s, content_s),
        stride_s=stride_frames / workload.input.rate_hz,
        step_samples=step_frames,
    )


def of_clip(clip: ClipOutcome, workload: Workload, target: Target) -> Values:
    """What a recording has of each metric that is made over recordings; without those that nobody told of it."""
    return _own(workload.metrics("clip"), clip, conditions(workload, target))


def of_part(part: PartOutcome, workload: Workload, target: Target) -> Values:
    """The same of a part of a stream."""
    return _own(workload.metrics("stream"), part, conditions(workload, target))


def of(
    workload: Workload,
    played: PlayedRecordings,
    by_clip: Sequence[Values],
    untold: frozenset[str] = frozenset(),
    ratios: Ratios | None = None,
) -> dict[str, Quantity]:
    """Every metric by name, from those of each clip and the run as a whole; None for `untold` and what nobody knows."""
    return {
        name: metric.quantity(None if name in untold else metric.of(by_clip, played), ratios)
        for name, metric in workload.metrics("clip").items()
    }


def of_stream(
    stream: StreamOutcome, workload: Workload, target: Target, ratios: Ratios | None = None
) -> dict[str, Quantity]:
    """Every metric of a stream by name, None where nothing was heard that it is of."""
    by_part = [of_part(part, workload, target) for part in stream.parts]
    streamed = Streamed(stream, conditions(workload, target))
    return {
        name: metric.quantity(metric.of(by_part, streamed), ratios)
        for name, metric in workload.metrics("stream").items()
    }


def _own(metrics: Mapping[str, Metric[Any, Any]], one: object, under: Conditions) -> Values:
    every = metrics.values()
    return {metric.name: metric.of_one(one, under) for metric in every if metric.of_one and metric.tells(one)}
