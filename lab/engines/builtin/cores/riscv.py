"""RV32IMC, the class of core that the ESP32-C3 has, and RV32IMAC: RISC-V Instruction Set Manual, Volumes I and II."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from lab.engines.builtin import shim
from lab.engines.builtin.cores.core_type import CoreType
from lab.engines.builtin.shim import Core, Fault
from lab.image import Image

_INTERRUPT, _HANDLING = 1 << 31, 1 << 30
_FETCH, _LOAD, _STORE = 1, 5, 7
_EXCEPTIONS = {
    _FETCH: "instruction access fault",
    2: "illegal instruction",
    3: "breakpoint",
    _LOAD: "load access fault",
    4: "misaligned load",
    6: "misaligned atomic access",
    _STORE: "store access fault",
    11: "ecall",
}
_NAMES = ["zero", "ra", "sp", "gp", "tp", *(f"t{n}" for n in range(3)), "s0", "s1", *(f"a{n}" for n in range(8))]
_NAMES += [*(f"s{n}" for n in range(2, 12)), *(f"t{n}" for n in range(3, 7))]
"""In the order of their numbers, x0 to x31."""


@dataclass(frozen=True)
class Riscv(CoreType):
    """A hart in machine mode. Wires lead to it as its interrupts: `-> cpu@17` arrives as mcause 0x80000011."""

    atomics: bool = False
    """Whether it has the A extension."""

    architecture = shim.RISCV
    page = 4096
    registers: ClassVar[Mapping[str, int]] = {"pc": 190, **{name: 1 + number for number, name in enumerate(_NAMES)}}
    family = "riscv"
    state = frozenset({"mstatus", "mie", "mtvec", "mscratch", "mepc", "mcause", "mtval"})
    widths: ClassVar[Mapping[str, int]] = dict.fromkeys((*registers, *sorted(state)), 32)
    attributes = (
        "cpuType",
        "timeProvider",
        "hartId",
        "allowUnalignedAccesses",
        "PerformanceInMips",
        "privilegedArchitecture",
        "interruptMode",
    )
    only: ClassVar = {"privilegedArchitecture": ("Priv1_10", "Priv1_11"), "interruptMode": ("Auto",)}

    def initialise(self, core: Core) -> None:
        """Set whether it has atomic instructions."""
        core.riscv.atomics = self.atomics

    def start(self, firmware: Image) -> int:
        """The image's entry point."""
        return firmware.entry

    def drive(self, core: Core, line: int, level: bool) -> None:
        """Interrupt `line` is pending while its level is high."""
        bit = 1 << line
        core.riscv.lines = core.riscv.lines | bit if level else core.riscv.lines & ~bit
        core.limit = 0

    def handler(self, number: int) -> str:
        """The trap by its cause."""
        cause = number & ~_HANDLING
        if cause & _INTERRUPT:
            return f"interrupt {cause & ~_INTERRUPT}"
        return _EXCEPTIONS.get(cause, f"exception {cause}")

    def fault(self, fault: Fault, what: Callable[[int], str]) -> tuple[str, str]:
        """The exception's name, and what was accessed."""
        name = self.handler(fault.exception).capitalize()
        if fault.exception == _FETCH:
            return name, f"execution outside memory, {what(fault.address)}"
        if fault.exception in (_LOAD, _STORE):
            return name, f"access to {fault.address:#010x}, {what(fault.address)}"
        return name, ""

    def no_handler(self, number: int) -> str:
        """That mtvec is 0."""
        return f"There is no handler for the {self.handler(number)}: mtvec is 0"


# Unicorn's model (uc_cpu_riscv32) 2 is RV32IMAC without floats; core/riscv.c takes the A away.
_RV32IMC = Riscv("RV32IMC", 2)
_RV32IMAC = Riscv("RV32IMAC", 2, atomics=True)

RISCV: dict[str, CoreType] = {
    "rv32imc": _RV32IMC,
    "rv32imc_zicsr": _RV32IMC,
    "rv32imc_zicsr_zifencei": _RV32IMC,
    "rv32imac": _RV32IMAC,
    "rv32imac_zicsr": _RV32IMAC,
    "rv32imac_zicsr_zifencei": _RV32IMAC,
}
