"""Modelled clock cycles: what each basic block costs, from a table of instruction costs.

Tables are data, `renode_platforms/cost_models/*.toml`; each says its source and what it leaves out. A block's cost is
that of all its instructions in line, as if conditional ones inside an IT block were executed. A branch costs extra
when it is taken, which only execution tells: the engine adds `taken_branch_penalty` each time a block is not followed
by the next address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import ceil
from pathlib import Path

from lab import places
from lab.configuration import read_toml
from lab.engines.builtin.cost_table import Cost, Table, WithMemories
from lab.engines.builtin.instruction_sets import InstructionSet, Operands, RiscV, Thumb
from lab.engines.builtin.issue import Timed, in_pipeline, in_sequence
from lab.errors import ConfigurationError, UnknownName

_UNKNOWN_CYCLES = 1
_INSTRUCTION_SETS: dict[str, Callable[[], InstructionSet]] = {"thumb": Thumb, "riscv": RiscV}


@dataclass(frozen=True)
class BlockCost:
    """Cycles of a block without taken-branch penalty; `unknown` names instructions the table lacks, 1 cycle each."""

    cycles: int
    instructions: int
    unknown: frozenset[str]


class CostModel:
    """One table, applied to code; with what the core takes `beside` it where memories are modelled."""

    def __init__(self, table: Table, beside: WithMemories | None = None) -> None:
        self.table = table
        self.name = table.name
        self.taken_branch_penalty = table.taken_branch_penalty
        self._pipeline = table.pipeline
        self.beside = beside
        self._address_stall = beside.address_stall if beside else 0
        self._costs = table.instructions
        self._set = _INSTRUCTION_SETS[table.instruction_set]()
        self._by_name: dict[str, Cost | None] = {}
        self._by_encoding: dict[bytes, Timed] = {}
        self._by_code: dict[bytes, BlockCost] = {}

    @classmethod
    def load(cls, name: str, *, with_memories: bool = False) -> CostModel:
        """The model in `renode_platforms/cost_models/<name>.toml`. Raises UnknownName or ConfigurationError.

        So it does for a table that has nothing for boards `with_memories`.
        """
        tables = {file.stem: file for file in _folder().glob("*.toml")}
        if name not in tables:
            raise UnknownName("cost model", name, tables)
        table = read_toml(tables[name], Table)
        if with_memories and table.with_memories is None:
            raise ConfigurationError(
                f"{tables[name]} has no [with_memories], without which no board of this core can have a memory model.",
                remedy="Say there what cortex-m4.toml does, or leave the memory model out.",
                code="toml-content",
            )
        return cls(table, table.with_memories if with_memories else None)

    def block(self, code: bytes) -> BlockCost:
        """The cost of `code`, a whole number of instructions in a row."""
        known = self._by_code.get(code)  # a block that interrupts cut is asked for each time
        if known is None:
            known = self._by_code[code] = self._block(code)
        return known

    def _block(self, code: bytes) -> BlockCost:
        instructions = [self._decode(encoding) for encoding in self._encodings(code)]
        cycles = (
            in_pipeline(self._pipeline, instructions)
            if self._pipeline
            else in_sequence(instructions, self._address_stall)
        )
        unknown = frozenset(one.unknown for one in instructions if one.unknown is not None)
        return BlockCost(cycles, len(instructions), unknown)

    def _encodings(self, code: bytes) -> Iterator[bytes]:
        at = 0
        while at < len(code):
            size = self._set.length(code[at], code[at + 1])
            yield code[at : at + size]
            at += size

    def _decode(self, encoding: bytes) -> Timed:
        known = self._by_encoding.get(encoding)
        if known is None:
            known = self._by_encoding[encoding] = self._decode_new(encoding)
        return known

    def _decode_new(self, encoding: bytes) -> Timed:
        decoded = self._set.decode(encoding)
        name = self._set.name(decoded) if decoded else ""
        cost = self._cost(name)
        if decoded is None or cost is None:
            return Timed(_UNKNOWN_CYCLES, unknown=name or encoding.hex())
        if self._pipeline is None and not self._address_stall and cost.by_name_alone:
            return Timed(cost.cycles)
        return self._timed(cost, self._set.operands(decoded, cost))

    def _timed(self, cost: Cost, operands: Operands) -> Timed:
        late = {register for position, register in enumerate(operands.positions) if position in cost.late and register}
        soon = {register for position, register in enumerate(operands.positions[1:], 1) if position not in cost.late}
        shifted = self._pipeline is not None and self._pipeline.shift_unit and operands.shifted
        return Timed(
            cycles=cost.cycles
            + ceil(cost.per_register * operands.words)
            + cost.register_offset * operands.indexed
            + cost.double * operands.double,
            latency=cost.latency,
            pipelined=cost.pipelined,
            units=(cost.unit, *([self._pipeline.shift_unit] if self._pipeline and shifted else [])),
            alone=cost.alone,
            late=frozenset(late - soon),
            operands=operands,
        )

    def _cost(self, name: str) -> Cost | None:
        if name not in self._by_name:
            exact = (cost for cost in self._costs if name in cost.names)
            alike = (cost for cost in self._costs if any(fnmatchcase(name, known) for known in cost.names))
            self._by_name[name] = next(exact, None) or next(alike, None)
        return self._by_name[name]


def _folder() -> Path:
    return places.project() / "renode_platforms" / "cost_models"
