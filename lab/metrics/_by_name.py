"""Finding the metrics that are defined, and what is asked of one by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from lab import modules
from lab.metrics._metric import Metric, Mode, Number


def defined(mode: Mode) -> Mapping[str, Metric[Any, Any]]:
    """Those of a mode by name, in the order in which they are shown."""
    return {metric.name: metric for metric in _all() if metric.mode == mode}


@cache
def by_name() -> Mapping[str, Metric[Any, Any]]:
    """One of each name. Those of both modes differ in how they come about, and not in what is tolerated of them."""
    found: dict[str, Metric[Any, Any]] = {}
    for metric in _all():
        found.setdefault(metric.name, metric)
    return found


def meaning(name: str) -> str:
    """What the metric of that name is, in a sentence; nothing for a name of another origin."""
    metric = by_name().get(name)
    return metric.meaning if metric else ""


def is_share(name: str) -> bool:
    """Whether the metric of that name is shown in per cent."""
    metric = by_name().get(name)
    return metric is not None and metric.share


def over(name: str, values: Sequence[Number | None]) -> Number | None:
    """The metric of a run from the values of its recordings; None if one is unknown, or if there are none."""
    metric = by_name().get(name)
    return metric.combined(values) if metric is not None and metric.over else None


def spelled(value: Number, metric: str = "") -> str:
    """A number for people: `29,025,682`, six significant digits of one with a fraction, `89.256 %` for a share."""
    if is_share(metric):
        return f"{value * 100:.5g} %"
    return f"{int(value):,}" if value == int(value) else f"{value:,.6g}"


@cache
def _all() -> tuple[Metric[Any, Any], ...]:
    metrics = modules.defined("lab.metrics", Metric)
    return tuple(sorted(metrics, key=lambda metric: (metric.place, metric.name)))
