"""What the cost model has to know of an encoding: its length, its name and its registers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import capstone
from capstone import arm_const, riscv_const

from lab.engines.builtin.cost_table import Cost

_FLAGS = {arm_const.ARM_REG_CPSR}


@dataclass(frozen=True)
class Operands:
    """Registers of one instruction, by number: all that it reads and writes, those that make an address or are shifted,
    and those of its operands in order. `words` are those of a register list.
    """

    reads: frozenset[int] = frozenset()
    writes: frozenset[int] = frozenset()
    address: frozenset[int] = frozenset()
    shifted: frozenset[int] = frozenset()
    positions: tuple[int | None, ...] = ()
    words: int = 0
    indexed: bool = False
    double: bool = False


class InstructionSet(ABC):
    """One instruction set, decoded by Capstone."""

    def __init__(self, architecture: int, mode: int) -> None:
        self._disassembler = capstone.Cs(architecture, mode)
        self._disassembler.detail = True

    def decode(self, encoding: bytes) -> Any:
        """Capstone's instruction, None for what is none."""
        return next(self._disassembler.disasm(encoding, 0), None)

    @abstractmethod
    def length(self, first_byte: int, second_byte: int) -> int:
        """Of the instruction that begins with these bytes."""

    @abstractmethod
    def name(self, decoded: Any) -> str:
        """As tables have it."""

    @abstractmethod
    def operands(self, decoded: Any, cost: Cost) -> Operands:
        """Its registers."""


class Thumb(InstructionSet):
    """Thumb-2 of a Cortex-M."""

    def __init__(self) -> None:
        super().__init__(capstone.CS_ARCH_ARM, capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS)

    def length(self, _first_byte: int, second_byte: int) -> int:
        """Four bytes where the first half-word starts with 0b11101, 0b11110 or 0b11111, else two."""
        return 4 if second_byte >> 3 >= 0b11101 else 2

    def name(self, decoded: Any) -> str:
        """The base mnemonic, without condition, flags, width or type."""
        return str(decoded.insn_name())

    def operands(self, decoded: Any, cost: Cost) -> Operands:
        """Registers as Capstone tells them."""
        reads, writes = decoded.regs_access()
        operands = decoded.operands
        positions = tuple(operand.reg if operand.type == arm_const.ARM_OP_REG else None for operand in operands)
        registers = [register for register in positions if register is not None]
        memory = [operand.mem for operand in operands if operand.type == arm_const.ARM_OP_MEM]
        listed = registers if self.name(decoded).endswith(("push", "pop")) else registers[1:]
        return Operands(
            reads=frozenset(reads) - _FLAGS,
            writes=frozenset(writes) - _FLAGS,
            address=frozenset(register for place in memory for register in (place.base, place.index) if register),
            shifted=frozenset(o.reg for o in operands if o.type == arm_const.ARM_OP_REG and o.shift.type),
            positions=positions,
            words=sum(2 if _is_d(register) else 1 for register in listed) if cost.per_register else 0,
            indexed=any(place.index for place in memory),
            double=len(registers) > 2 or any(_is_d(register) for register in registers),
        )


class RiscV(InstructionSet):
    """RV32IMC; tables name a compressed instruction without its `c.`."""

    def __init__(self) -> None:
        super().__init__(capstone.CS_ARCH_RISCV, capstone.CS_MODE_RISCV32 | capstone.CS_MODE_RISCVC)

    def length(self, first_byte: int, _second_byte: int) -> int:
        """Four bytes where the two lowest bits are set, else two."""
        return 4 if first_byte & 3 == 3 else 2

    def name(self, decoded: Any) -> str:
        """The mnemonic; Capstone does not tell `c.add` from `add` in what they do, and neither do tables."""
        return str(decoded.insn_name()).removeprefix("c.")

    def operands(self, decoded: Any, cost: Cost) -> Operands:
        """Capstone has no access lists for RISC-V: the first register is the result where the table says so. One of two
        operands is read as well, as a compressed instruction does.
        """
        registers = [
            operand.mem.base if operand.type == riscv_const.RISCV_OP_MEM else operand.reg
            for operand in decoded.operands
            if operand.type in (riscv_const.RISCV_OP_REG, riscv_const.RISCV_OP_MEM)
        ]
        first, others = registers[:1], registers[1:]
        read = others if cost.result and (cost.address or len(decoded.operands) > 2) else registers
        return Operands(
            reads=frozenset(read),
            writes=frozenset(first if cost.result else ()) - {riscv_const.RISCV_REG_X0},
            address=frozenset(others if cost.address else ()),
            positions=tuple(registers),
        )


def _is_d(register: Any) -> bool:
    return bool(arm_const.ARM_REG_D0 <= register <= arm_const.ARM_REG_D31)
