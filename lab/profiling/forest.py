"""From the engine's list of calls to frames: one tree for each section between marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from lab.building.demangling import demangled
from lab.engines.builtin.calls import Call
from lab.profiling import naming
from lab.profiling.cost import Cost
from lab.profiling.frame import Frame

UNNAMED = "(code without a symbol)"

Forest = Mapping[int, Frame]
"""Trees by the argument of the mark at which they began; 0 is before the first mark."""


def plant(before: Sequence[Call], after: Sequence[Call], prefix: str) -> Forest:
    """What passed between two readings of one machine's calls. `prefix` is that of the toolchain.

    A later reading has the nodes of an earlier one in their places, and more behind them.
    """
    passed = [_since(call, before[index] if index < len(before) else None) for index, call in enumerate(after)]
    children: defaultdict[int | None, list[int]] = defaultdict(list)
    for index, call in enumerate(after):
        children[call.parent].append(index)
    names = _names(after, prefix)

    def grown(index: int) -> Frame:
        call, (calls, own) = after[index], passed[index]
        below = tuple(frame for frame in map(grown, children[index]) if _happened(frame))
        return Frame(call.name, names[call.name], call.kind, calls, own, below, call.site)

    return {int(after[root].name): grown(root) for root in children[None]}


def _since(call: Call, earlier: Call | None) -> tuple[int, Cost]:
    calls, cost = call.calls, Cost(call.instructions, call.cycles)
    return (calls - earlier.calls, cost - Cost(earlier.instructions, earlier.cycles)) if earlier else (calls, cost)


def _happened(frame: Frame) -> bool:
    return bool(frame.calls or frame.below or frame.own.instructions)


def _names(calls: Sequence[Call], prefix: str) -> dict[str, str]:
    symbols = sorted({call.name for call in calls})
    return {
        symbol: naming.short(name) or UNNAMED for symbol, name in zip(symbols, demangled(symbols, prefix), strict=True)
    }
