"""The kinds of core that the engine has: each is a row of data and the module of its architecture.

What a kind has to say in C is behind `struct architecture` in core/core.h.
"""

from __future__ import annotations

from lab.engines.builtin.cores.core_type import CoreType
from lab.engines.builtin.cores.cortex_m import CORTEX_M
from lab.engines.builtin.cores.riscv import RISCV
from lab.engines.builtin.description import Entry

_KINDS: dict[str, dict[str, CoreType]] = {"CPU.CortexM": CORTEX_M, "CPU.RiscV32": RISCV}
"""By Renode's type and its `cpuType`."""


def of(cpu: Entry, *, double_precision: bool = True) -> CoreType:
    """The kind of core that this entry describes; `double_precision` where its FPU has that only in some chips.

    Raises ConfigurationError for one that the engine does not have.
    """
    kinds = _KINDS.get(cpu.type)
    if kinds is None:
        raise cpu.place.unknown("core", cpu.type, _KINDS)
    chosen = cpu.attributes.get("cpuType")
    if chosen is None or not isinstance(chosen.value, str) or chosen.value not in kinds:
        place = chosen.place if chosen else cpu.place
        raise place.error(
            f"the built-in engine has the cores {', '.join(kinds)} of {cpu.type}.", remedy="Set cpuType to one of them."
        )
    kind = kinds[chosen.value]
    for name, attribute in cpu.attributes.items():
        if name not in kind.attributes:
            raise attribute.place.unknown(f"attribute of {cpu.type},", name, kind.attributes)
        if attribute.value not in kind.only.get(name, (attribute.value,)):
            values = " or ".join(str(value) for value in kind.only[name])
            raise attribute.place.error(f"a core of the built-in engine has no other {name} than {values}.")
    kind = kind.described(cpu)
    return kind if double_precision else kind.with_single_precision()
