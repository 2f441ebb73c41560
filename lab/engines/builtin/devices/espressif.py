"""What the devices of Espressif's chips share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin import chip_resets
from lab.engines.builtin.chip_resets import Reset
from lab.engines.builtin.peripheral import Peripheral, Register, register_bank

_WORDS = 0x400


class Block(Peripheral):
    """Registers that all keep what is written, save those that a subclass has something to say of.

    `RESETS` are the values after power-on that are not 0, by offset.
    """

    RESETS: ClassVar[Mapping[int, int]] = {}

    OTHER = register_bank(0, count=_WORDS)

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.values.update(self.RESETS)


class Interrupting(Peripheral):
    """A device with the registers INT_RAW, INT_ENA, INT_ST (`_pending`) and INT_CLR, at offsets of its own."""

    INT_RAW: Register
    INT_ENA: Register

    def _enable_interrupts(self, value: int) -> None:
        self.INT_ENA = value
        self._update_interrupts()

    def _clear_interrupts(self, value: int) -> None:
        self.INT_RAW &= ~value
        self._update_interrupts()

    def _pending(self) -> int:
        return self.INT_RAW & self.INT_ENA

    def _update_interrupts(self) -> None:
        self.irq.set(bool(self._pending()))


def watchdog_reset(name: str, due_ns: int, number: int) -> Reset:
    """A watchdog has not been fed; `number` is the reset cause that RTC_CNTL gives then."""
    return chip_resets.by_watchdog(name, due_ns, remedy="Feed it in time, or switch it off.", number=number)
