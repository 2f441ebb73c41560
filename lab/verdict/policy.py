"""The regression policy: how each metric may change against an earlier value, as data.

Each metric has its default with the reason beside it; `baselines/policy.toml` of a project overrides them.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from lab.configuration import Frozen, read_toml
from lab.errors import UnknownName
from lab.metrics import Direction, Metric, Need, by_name
from lab.toml_lines import line_of
from lab.verdict.result import Bounds, Standing
from lab.verdict.where import where

NAME = "policy.toml"
_LARGEST = sys.float_info.max
_DIGITS = 12  # of a bound after the point: 0.95 - 0.005 has to be 0.945
_OPPOSITE: dict[Direction, Direction] = {"higher": "lower", "lower": "higher", "equal": "equal"}


class Rule(Frozen):
    """How one metric may change. `relative` is a share of the earlier value, `absolute` has the metric's unit."""

    direction: Direction = "equal"
    relative: float = Field(default=0.0, ge=0, le=1_000)
    absolute: float = Field(default=0.0, ge=0, le=1e15)
    missing: Literal["fail", "ignore"] = "fail"
    needs: tuple[Need, ...] = ()

    def tolerated(self, before: float) -> Bounds:
        """What a value has to keep to so as not to be worse than `before`. Whole numbers get whole bounds."""
        return self._bounds(before, self.direction)

    def standing(self, before: float, now: float) -> Standing:
        """Of `now` against `before`; a tolerated change, for the better too, is *same*."""
        if not self._bounds(before, self.direction).hold(now):
            return "worse"
        return "same" if self._bounds(before, _OPPOSITE[self.direction]).hold(now) else "better"

    def _bounds(self, before: float, direction: Direction) -> Bounds:
        lowest = highest = before
        if room := max(self.relative * abs(before), self.absolute):
            lowest = max(round(before - room, _DIGITS), -_LARGEST)
            highest = min(round(before + room, _DIGITS), _LARGEST)
        if isinstance(before, int):
            lowest, highest = math.ceil(lowest), math.floor(highest)
        return Bounds(
            at_least=None if direction == "lower" else lowest, at_most=None if direction == "higher" else highest
        )


class Policy(Frozen):
    """The rule of each metric."""

    metrics: dict[str, Rule] = Field(default_factory=dict)


def load(baselines: Path | None = None) -> Policy:
    """The lab's policy, with what `policy.toml` of the folder sets anew.

    Raises ConfigurationError for a file that is not valid, UnknownName for a metric that there is not.
    """
    rules = {name: _default(metric) for name, metric in by_name().items()}
    file = baselines / NAME if baselines else None
    if file is None or not file.exists():
        return Policy(metrics=rules)
    own = read_toml(file, Policy).metrics
    for name in sorted(own.keys() - rules.keys()):
        line = line_of(file.read_text(encoding="utf-8"), "metrics", name)
        raise UnknownName("metric", name, rules, where=where(file, line))
    changed = {name: rules[name].model_copy(update=rule.model_dump(exclude_unset=True)) for name, rule in own.items()}
    return Policy(metrics={**rules, **changed})


def _default(metric: Metric[Any, Any]) -> Rule:
    tolerance = metric.tolerance
    return Rule(
        direction=metric.direction,
        relative=tolerance.relative,
        absolute=tolerance.absolute,
        missing=tolerance.missing,
        needs=tolerance.needs,
    )
