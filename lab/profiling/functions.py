"""A flat profile: what each function spent itself, wherever it was called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lab.profiling.cost import NOTHING, Cost
from lab.profiling.frame import Frame
from lab.profiling.profile import FunctionCost


def by_cost(trees: Iterable[Frame]) -> tuple[FunctionCost, ...]:
    """The costliest first. They add up to the trees: besides functions only entering and leaving a handler costs."""
    costs: dict[str, Cost] = {}
    calls: Counter[str] = Counter()
    for frame in (frame for tree in trees for frame in tree.walk() if frame.kind == "function" or frame.own != NOTHING):
        costs[frame.name] = costs.get(frame.name, NOTHING) + frame.own
        calls[frame.name] += frame.calls
    return tuple(
        FunctionCost(name=name, calls=calls[name], instructions=cost.instructions, cycles=cost.cycles)
        for name, cost in sorted(costs.items(), key=lambda one: (-one[1].instructions, one[0]))
        if cost != NOTHING
    )
