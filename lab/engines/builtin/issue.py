"""When the instructions of a block start, one after the other or side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from lab.engines.builtin.cost_table import Pipeline
from lab.engines.builtin.instruction_sets import Operands

_NONE = Operands()


@dataclass(frozen=True)
class Timed:
    """One decoded instruction with what the table says of it; `unknown` is its name where that says nothing."""

    cycles: int
    latency: int = 0
    pipelined: Literal["load", "store"] | None = None
    units: tuple[str, ...] = ()
    alone: bool = False
    late: frozenset[int] = frozenset()
    operands: Operands = _NONE
    unknown: str | None = None


def in_sequence(instructions: Sequence[Timed], address_stall: int = 0) -> int:
    """The sum, less one cycle for each single load or store after a single load that did not make its address, and
    `address_stall` more for each whose address was made by the instruction before.
    """
    between = sum(_stall(a, b, address_stall) - _overlap(a, b, address_stall) for a, b in pairwise(instructions))
    return sum(one.cycles for one in instructions) + between


def in_pipeline(pipeline: Pipeline, instructions: Sequence[Timed]) -> int:
    """Cycles until the last has left, from an empty pipeline and with all registers ready."""
    ready: dict[int, int] = {}
    beside: list[Timed] = []
    now = 0
    for instruction in instructions:
        earliest = max(
            (ready[r] + _lead(pipeline, instruction, r) for r in instruction.operands.reads if r in ready), default=0
        )
        if earliest > now or not _may_join(pipeline, beside, instruction):
            now = max(now + _longest(beside), earliest)
            beside = []
        beside.append(instruction)
        for register in instruction.operands.writes:
            ready[register] = now + instruction.cycles + instruction.latency
    return now + _longest(beside)


def _lead(pipeline: Pipeline, instruction: Timed, register: int) -> int:
    """Cycles that the register is needed ahead of others, negative for later."""
    if register in instruction.operands.address:
        return pipeline.address_lead
    if register in instruction.operands.shifted:
        return pipeline.shift_lead
    return -(register in instruction.late)


def _may_join(pipeline: Pipeline, beside: list[Timed], instruction: Timed) -> bool:
    if not beside or len(beside) >= pipeline.width or instruction.alone or any(one.alone for one in beside):
        return False
    pairs = {(a, b) for one in beside for a in one.units for b in instruction.units}
    return not any((a, b) in pairs or (b, a) in pairs for a, b in pipeline.apart)


def _longest(beside: list[Timed]) -> int:
    return max((one.cycles for one in beside), default=0)


def _overlap(before: Timed, instruction: Timed, address_stall: int) -> int:
    """Not where the load made the address, nor, where addresses stall, where it moved the base register on."""
    if before.pipelined != "load" or instruction.pipelined is None:
        return 0
    made = before.operands.writes if address_stall else before.operands.positions[:1]
    return int(not instruction.operands.address.intersection(made))


def _stall(before: Timed, instruction: Timed, address_stall: int) -> int:
    """A base register that a load or store moves on is there early."""
    made = before.operands.writes - before.operands.address
    return address_stall if made & instruction.operands.address else 0
