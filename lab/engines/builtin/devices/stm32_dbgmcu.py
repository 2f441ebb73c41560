"""What the STM32F74x says of itself to a debugger."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Peripheral, register, register_bank

_STM32F74_REVISION_Z = 0x1001_0449


class STM32_DBGMCU(Peripheral):
    """DBGMCU. RM0385 rev 8, chapter 40.16; not in Renode. Nothing is frozen, for nothing halts."""

    size = 0x400

    IDCODE = register(0x00, reset=_STM32F74_REVISION_Z, read_only=True)
    CR = register(0x04)
    FREEZE = register_bank(0x08, count=2)
