"""The registers of a core in Renode, by the names that `debuggable.Probe` has for them.

Renode's numbers are in its src/Emulator/Cores/Arm-M/CortexMRegisters.cs and RiscV/RiscV32Registers.cs. Of a Cortex-M it
gives the stack pointer that is in use and the other one, and `xpsr` with its flags alone.
"""

from __future__ import annotations

from collections.abc import Mapping

_TEMPORARY_AND_SAVED = ("t0", "t1", "t2", "s0", "s1", *(f"a{n}" for n in range(8)), *(f"s{n}" for n in range(2, 12)))
_RISCV = ("zero", "ra", "sp", "gp", "tp", *_TEMPORARY_AND_SAVED, *(f"t{n}" for n in range(3, 7)), "pc")
_FIRST_CSR = 65
_CSRS = {
    "mstatus": 0x300,
    "mie": 0x304,
    "mtvec": 0x305,
    "mscratch": 0x340,
    "mepc": 0x341,
    "mcause": 0x342,
    "mtval": 0x343,
}
_CORTEX_M = (*(f"r{n}" for n in range(13)), "sp", "lr", "pc")
_SPECIAL = {"xpsr": 25, "primask": 28, "basepri": 19, "faultmask": 30, "control": 18, "fpscr": 74}
_FIRST_DOUBLE = 42
_DOUBLES = tuple(f"d{number}" for number in range(16))
_USES_PROCESS_STACK, _OTHER_STACK = "uses psp", "other sp"

NUMBERS: Mapping[str, Mapping[str, int]] = {
    "cortex-m": {
        **{name: number for number, name in enumerate(_CORTEX_M)},
        **{name: _FIRST_DOUBLE + number for number, name in enumerate(_DOUBLES)},
        **_SPECIAL,
        _USES_PROCESS_STACK: 21,
        _OTHER_STACK: 22,
    },
    "riscv": {
        **{name: number for number, name in enumerate(_RISCV)},
        **{name: _FIRST_CSR + number for name, number in _CSRS.items()},
    },
}
"""Of each kind of core, those that Renode reads and writes by a number."""

WIDTHS: Mapping[str, Mapping[str, int]] = {
    "cortex-m": {**dict.fromkeys((*_CORTEX_M, *_SPECIAL, "msp", "psp"), 32), **dict.fromkeys(_DOUBLES, 64)},
    "riscv": dict.fromkeys(NUMBERS["riscv"], 32),
}
"""Bits of those that a debugger sees."""


def seen(read: Mapping[str, int]) -> dict[str, int]:
    """What a debugger sees of the values that were read by NUMBERS."""
    values = dict(read)
    if _OTHER_STACK in values:
        used, other = values["sp"], values.pop(_OTHER_STACK)
        values["msp"], values["psp"] = (other, used) if values.pop(_USES_PROCESS_STACK) else (used, other)
    return values
