"""Limits of a workload against what was measured. Everything that judges a run (exit code, `result.json`, Robot) asks
this module, so that a limit means the same everywhere.
"""

from __future__ import annotations

from lab.measuring.measurement import Measurement, OwnLimits
from lab.metrics import Quantity
from lab.toml_lines import line_of
from lab.verdict.result import Bounds, Check
from lab.verdict.where import where
from lab.workload import Limit, Workload

SKIPPED = "skipped_recordings"


def checks(workload: Workload, measurement: Measurement) -> tuple[Check, ...]:
    """Every limit that the workload has for this board, in the order of its file, then that of skipped recordings.

    A limit on cycles is not checked where the engine counts none, nor one on what a firmware of somebody else's does
    not tell: the measurement says so in its notes. Limits that come with such a firmware take the workload's place.
    """
    text = workload.file.read_text(encoding="utf-8")
    asked = {
        name: (limit, where(workload.file, _line(text, measurement, name)))
        for name, limit in workload.limits_for(measurement.target, measurement.mode).items()
    }
    if measurement.own_limits is not None:
        asked |= _own(measurement.own_limits)
    limits = [
        _check(name, limit, measurement.metrics.get(name), place)
        for name, (limit, place) in asked.items()
        if name not in measurement.not_counted
    ]
    line = line_of(text, "recordings", "max_skipped") or line_of(text, "recordings")
    return (*limits, _skipped(workload, len(measurement.skipped), where(workload.file, line)))


def _own(own: OwnLimits) -> dict[str, tuple[Limit, str]]:
    text = own.file.read_text(encoding="utf-8")
    return {name: (limit, where(own.file, line_of(text, "limits", name))) for name, limit in own.limits.items()}


def _line(text: str, measurement: Measurement, metric: str) -> int | None:
    outer = () if measurement.mode == "clip" else ("streaming",)
    of_target = line_of(text, *outer, "limits_on", measurement.target, metric)
    return of_target or line_of(text, *outer, "limits", metric)


def _check(name: str, limit: Limit, metric: Quantity | None, place: str) -> Check:
    bounds = Bounds(at_least=limit.at_least, at_most=limit.at_most)
    value = None if metric is None else metric.value
    return Check(name=name, limit=bounds, value=value, passed=value is not None and bounds.hold(value), where=place)


def _skipped(workload: Workload, count: int, place: str) -> Check:
    bounds = Bounds(at_most=workload.recordings.max_skipped)
    return Check(name=SKIPPED, limit=bounds, value=count, passed=bounds.hold(count), where=place)
