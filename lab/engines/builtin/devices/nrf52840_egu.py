"""Software interrupts."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral, event_bank
from lab.engines.builtin.peripheral import register_bank

_CHANNELS = 16


class NRF52840_EGU(NordicPeripheral):
    """EGU, and SWI at the same addresses. nRF52840 product specification 1.7, chapter 6.7."""

    TASKS_TRIGGER = register_bank(0x000, count=_CHANNELS, write="trigger")
    EVENTS_TRIGGERED = event_bank(0x100, count=_CHANNELS)

    def trigger(self, channel: int, value: int) -> None:
        """TASKS_TRIGGER[n]."""
        if value & 1:
            self.EVENTS_TRIGGERED[channel] = 1
