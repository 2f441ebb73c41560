"""What the devices of Espressif's chips share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin import chip_resets
from lab.engines.builtin.peripheral import Peripheral, register_bank
from lab.errors import DeviceFault

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


def watchdog_reset(name: str, due_ns: int) -> DeviceFault:
    """The end of a run: a watchdog has not been fed."""
    return chip_resets.by_watchdog(name, due_ns, remedy="Feed it in time, or switch it off.")
