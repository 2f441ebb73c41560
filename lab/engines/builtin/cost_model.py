"""Modelled clock cycles: what each basic block costs, from a table of instruction costs.

Tables are data, `renode_platforms/cost_models/*.toml`; each says its source and what it leaves out. A block's cost is
that of all its instructions in line, as if conditional ones inside an IT block were executed. A branch costs extra
when it is taken, which only execution tells: the engine adds `taken_branch_penalty` each time a block is not followed
by the next address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

import capstone
from capstone import arm_const

from lab import places
from lab.configuration import Frozen, read_toml
from lab.errors import UnknownName

_UNKNOWN_CYCLES = 1


@dataclass(frozen=True)
class BlockCost:
    """Cycles of a block without taken-branch penalty; `unknown` names instructions the table lacks, 1 cycle each."""

    cycles: int
    instructions: int
    unknown: frozenset[str]


class _Cost(Frozen):
    names: tuple[str, ...]
    cycles: int
    per_register: int = 0
    register_offset: int = 0
    double: int = 0
    pipelined: Literal["load", "store"] | None = None

    @property
    def by_name_alone(self) -> bool:
        """Whether operands matter to nothing; decoding them takes most of the time."""
        return not (self.per_register or self.register_offset or self.double or self.pipelined)


class _Table(Frozen):
    name: str
    core: str
    taken_branch_penalty: int
    instructions: tuple[_Cost, ...]


@dataclass(frozen=True)
class _Instruction:
    """One decoded encoding. `address` are the registers that its address is made of, `loaded` what a load writes."""

    cycles: int
    pipelined: Literal["load", "store"] | None
    address: frozenset[int]
    loaded: int | None
    unknown: str | None


class CostModel:
    """One table, applied to Thumb code."""

    def __init__(self, table: _Table) -> None:
        self.name = table.name
        self.taken_branch_penalty = table.taken_branch_penalty
        self._costs = table.instructions
        self._by_name: dict[str, _Cost | None] = {}
        self._by_encoding: dict[bytes, _Instruction] = {}
        self._disassembler = capstone.Cs(capstone.CS_ARCH_ARM, capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS)
        self._disassembler.detail = True

    @classmethod
    def load(cls, name: str) -> CostModel:
        """The model in `renode_platforms/cost_models/<name>.toml`. Raises UnknownName or ConfigurationError."""
        tables = {file.stem: file for file in _folder().glob("*.toml")}
        if name not in tables:
            raise UnknownName("cost model", name, tables)
        return cls(read_toml(tables[name], _Table))

    def block(self, code: bytes) -> BlockCost:
        """The cost of `code`, a whole number of Thumb instructions in a row."""
        cycles = count = 0
        unknown = set()
        before: _Instruction | None = None
        for encoding in _encodings(code):
            instruction = self._decode(encoding)
            cycles += instruction.cycles - _overlap(before, instruction)
            count += 1
            if instruction.unknown is not None:
                unknown.add(instruction.unknown)
            before = instruction
        return BlockCost(cycles, count, frozenset(unknown))

    def _decode(self, encoding: bytes) -> _Instruction:
        known = self._by_encoding.get(encoding)
        if known is None:
            known = self._by_encoding[encoding] = self._decode_new(encoding)
        return known

    def _decode_new(self, encoding: bytes) -> _Instruction:
        decoded = next(self._disassembler.disasm(encoding, 0), None)
        name = decoded.insn_name() if decoded else ""
        cost = self._cost(name)
        if decoded is None or cost is None:
            return _Instruction(_UNKNOWN_CYCLES, None, frozenset(), None, name or encoding.hex())
        if cost.by_name_alone:
            return _Instruction(cost.cycles, None, frozenset(), None, None)
        return _with_operands(name, cost, decoded.operands)

    def _cost(self, name: str) -> _Cost | None:
        if name not in self._by_name:
            exact = (cost for cost in self._costs if name in cost.names)
            alike = (cost for cost in self._costs if any(fnmatchcase(name, known) for known in cost.names))
            self._by_name[name] = next(exact, None) or next(alike, None)
        return self._by_name[name]


def _folder() -> Path:
    return places.project() / "renode_platforms" / "cost_models"


def _encodings(code: bytes) -> Iterator[bytes]:
    """Thumb instructions: four bytes where the first half-word starts with 0b11101, 0b11110 or 0b11111, else two."""
    at = 0
    while at < len(code):
        size = 4 if code[at + 1] >> 3 >= 0b11101 else 2
        yield code[at : at + size]
        at += size


def _with_operands(name: str, cost: _Cost, operands: Any) -> _Instruction:
    registers = [operand.reg for operand in operands if operand.type == arm_const.ARM_OP_REG]
    memory = [operand.mem for operand in operands if operand.type == arm_const.ARM_OP_MEM]
    cycles = (
        cost.cycles
        + cost.per_register * _words(name, registers)
        + cost.register_offset * any(place.index for place in memory)
        + cost.double * _is_double(registers)
    )
    address = frozenset(register for place in memory for register in (place.base, place.index) if register)
    loaded = registers[0] if cost.pipelined == "load" else None
    return _Instruction(cycles, cost.pipelined, address, loaded, None)


def _overlap(before: _Instruction | None, instruction: _Instruction) -> int:
    """One cycle where a single load or store follows a single load that did not make its address."""
    follows_load = before is not None and before.pipelined == "load" and instruction.pipelined is not None
    return int(follows_load and before is not None and before.loaded not in instruction.address)


def _words(name: str, registers: list[int]) -> int:
    listed = registers if name.endswith(("push", "pop")) else registers[1:]
    return sum(2 if _is_d(register) else 1 for register in listed)


def _is_double(registers: list[int]) -> bool:
    return len(registers) > 2 or any(_is_d(register) for register in registers)


def _is_d(register: Any) -> bool:
    return bool(arm_const.ARM_REG_D0 <= register <= arm_const.ARM_REG_D31)
