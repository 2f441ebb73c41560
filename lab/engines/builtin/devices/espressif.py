"""What the devices of Espressif's chips share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

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


def chip_reset(why: str) -> DeviceFault:
    """The end of a run: the chip would start over."""
    return DeviceFault(
        f"The firmware reset itself ({why}).",
        remedy="The lab ends the run there: what led to the reset is the last thing in the log.",
        code="device-reset",
    )


def watchdog_reset(name: str, due_ns: int) -> DeviceFault:
    """The end of a run: a watchdog has not been fed."""
    return DeviceFault(
        f"{name}: the watchdog resets the chip, {due_ns / 1e9:.6f} s after the start.",
        remedy="Feed it in time, or switch it off.",
        code="watchdog-reset",
    )
