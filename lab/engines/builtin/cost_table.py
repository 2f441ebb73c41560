"""The form of a table of instruction costs, `renode_platforms/cost_models/*.toml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PositiveFloat

from lab.configuration import Frozen


def _in_order(ratios: tuple[float, float]) -> tuple[float, float]:
    if ratios[0] > ratios[1]:
        raise ValueError("the fewest come first, then the most")
    return ratios


Ratios = Annotated[tuple[PositiveFloat, PositiveFloat], AfterValidator(_in_order)]
"""How many cycles boards took for one that is modelled, the fewest and the most."""

Cycles = Annotated[int, Field(ge=0, le=10_000)]
Wait = Annotated[float, Field(ge=0, le=10_000)]
"""Cycles."""


class Cost(Frozen):
    """What the instructions of these names cost, in cycles, and what they need; a name may hold `*`.

    `cycles` keep the pipeline, `latency` more pass before the result can be used. Operands at the positions `late` are
    needed a cycle after the others. `unit` is what else cannot start beside it, `alone` that nothing can. Of a
    RISC-V instruction `result` says whether its first register is written, and `address` whether the others make one.
    """

    names: tuple[str, ...]
    cycles: Cycles
    per_register: Wait = 0
    register_offset: Cycles = 0
    double: Cycles = 0
    pipelined: Literal["load", "store"] | None = None
    latency: Cycles = 0
    late: tuple[int, ...] = ()
    unit: str = ""
    alone: bool = False
    result: bool = True
    address: bool = False

    @property
    def by_name_alone(self) -> bool:
        """Whether operands matter to nothing without a pipeline; decoding them takes most of the time."""
        return not (self.per_register or self.register_offset or self.double or self.pipelined)


class Pipeline(Frozen):
    """An in-order pipeline that starts up to `width` instructions a cycle; never two of a pair in `apart`.

    `address_lead` and `shift_lead`: cycles that registers of an address, or shifted ones, are needed ahead.
    An instruction with a shifted register takes `shift_unit` too.
    """

    width: int = Field(default=1, ge=1, le=8)
    apart: tuple[tuple[str, str], ...] = ()
    address_lead: Cycles = 0
    shift_lead: Cycles = 0
    shift_unit: str = ""


class WithMemories(Frozen):
    """Cycles that the core takes besides, on a board whose memories are modelled, and how far that is from boards.

    `address_stall`, of cores that execute one instruction after another, for an address that the instruction before has
    made; `exception_entry` and `exception_return`. Those that only addresses tell: `unaligned` for each further access
    that an unaligned one is made of, `unaligned_load` for a load that is not aligned; `apart` for one after a load from
    another memory, `after_store` for a load right after a store, `wide_load` for one after a load by an instruction of
    four bytes that is not aligned; `wide_target` for a jump to such an instruction.
    """

    error: str
    ratios: Ratios | None = None
    address_stall: int = Field(default=0, ge=0, le=10_000)
    exception_entry: int = Field(default=0, ge=0, le=10_000)
    exception_return: int = Field(default=0, ge=0, le=10_000)
    unaligned: Wait = 0
    unaligned_load: Wait = 0
    apart: Wait = 0
    after_store: Wait = 0
    wide_load: Wait = 0
    wide_target: Wait = 0


class Table(Frozen):
    """One core. Without `pipeline` each instruction waits for the one before, save for loads that overlap.

    `error` is a sentence's end about how far modelled cycles were from published measurements that nothing was fitted
    to; `ratios` are of those, None where one pair alone is all there is. `with_memories` is for boards that have a
    table of memories, with an error of its own.
    """

    name: str
    core: str
    instruction_set: Literal["thumb", "riscv"] = "thumb"
    taken_branch_penalty: Cycles
    error: str
    ratios: Ratios | None = None
    with_memories: WithMemories | None = None
    pipeline: Pipeline | None = None
    instructions: tuple[Cost, ...]
