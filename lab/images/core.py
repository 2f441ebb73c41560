"""Whether a firmware is for the core of a board."""

from __future__ import annotations

from lab.image import Image
from lab.target import Target

_NAMES = {"EM_ARM": "Arm", "EM_RISCV": "RISC-V", "EM_XTENSA": "Xtensa"}
_ON_ARMV7E_M = ("Armv6-M", "Armv7", "Armv7-M", "Armv7E-M")
"""What a Cortex-M4 or M7 executes; the cores of every Arm target are of these two."""


def misfit(image: Image, target: Target) -> str | None:
    """What keeps it from the board's core: `is for RISC-V cores; nano33ble has Cortex-M4F, which is Armv7E-M`.

    With `it` or a name in front it is a sentence. None if nothing does, as far as the file tells.
    """
    wanted = "EM_ARM" if target.toolchain.prefix.startswith("arm-") else "EM_RISCV"
    if image.machine and image.machine != wanted:
        return _other(_NAMES.get(image.machine, image.machine), target, _NAMES[wanted])
    if image.architecture and image.architecture not in _ON_ARMV7E_M:
        return _other(image.architecture, target, "Armv7E-M")
    return None


def _other(has: str, target: Target, wanted: str) -> str:
    return f"is for {has} cores; {target.name} has {target.core.name}, which is {wanted}"
