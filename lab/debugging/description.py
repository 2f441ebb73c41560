"""What GDB is told of a core: the registers in order, and `target.xml`. GDB manual, appendix G."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """Registers that GDB knows by the feature's name; `types` has those that are no plain numbers."""

    name: str
    registers: tuple[str, ...]
    types: Mapping[str, str]


_POINTERS = {"sp": "data_ptr", "msp": "data_ptr", "psp": "data_ptr", "pc": "code_ptr", "ra": "code_ptr"}
_DOUBLES = tuple(f"d{number}" for number in range(16))
_GENERAL = ("zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", *(f"a{n}" for n in range(8)))
_ARCHITECTURES = {"cortex-m": "arm", "riscv": "riscv:rv32"}
_FEATURES: dict[str, tuple[Feature, ...]] = {
    "cortex-m": (
        Feature("org.gnu.gdb.arm.m-profile", (*(f"r{n}" for n in range(13)), "sp", "lr", "pc", "xpsr"), _POINTERS),
        Feature("org.gnu.gdb.arm.m-system", ("msp", "psp", "primask", "basepri", "faultmask", "control"), _POINTERS),
        Feature("org.gnu.gdb.arm.vfp", (*_DOUBLES, "fpscr"), dict.fromkeys(_DOUBLES, "ieee_double")),
    ),
    "riscv": (
        Feature(
            "org.gnu.gdb.riscv.cpu",
            (*_GENERAL, *(f"s{n}" for n in range(2, 12)), *(f"t{n}" for n in range(3, 7)), "pc"),
            _POINTERS,
        ),
        Feature("org.gnu.gdb.riscv.csr", ("mstatus", "mie", "mtvec", "mscratch", "mepc", "mcause", "mtval"), {}),
    ),
}


def registers(core: str) -> tuple[str, ...]:
    """In the order of GDB's numbers; `core` is as `Probe` has it."""
    return tuple(name for feature in _FEATURES[core] for name in feature.registers)


def target_xml(core: str, widths: Mapping[str, int]) -> str:
    """The description of a core whose registers have so many bits."""
    lines = ['<?xml version="1.0"?>', '<!DOCTYPE target SYSTEM "gdb-target.dtd">', "<target>"]
    lines.append(f"<architecture>{_ARCHITECTURES[core]}</architecture>")
    for feature in _FEATURES[core]:
        lines.append(f'<feature name="{feature.name}">')
        for name in feature.registers:
            lines.append(f'<reg name="{name}" bitsize="{widths[name]}" type="{feature.types.get(name, "int")}"/>')
        lines.append("</feature>")
    return "\n".join([*lines, "</target>"])
