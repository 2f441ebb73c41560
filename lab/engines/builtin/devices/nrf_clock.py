"""Clock control: high and low frequency clocks."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral
from lab.engines.builtin.peripheral import register

_RUNNING = 1 << 16
_CRYSTAL = 1


class NRF_CLOCK(NordicPeripheral):
    """CLOCK. nRF52840 product specification 1.7, chapter 5.4.

    As in Renode a clock runs at once when started, where silicon takes 0.4 ms (HFXO) or 0.25 s (LFXO), and stopping
    one takes its event back. Clocks gate nothing: every device runs without. Calibration ends at once.
    """

    TASKS_HFCLKSTART = register(0x000, write="start_high")
    TASKS_HFCLKSTOP = register(0x004, write="stop_high")
    TASKS_LFCLKSTART = register(0x008, write="start_low")
    TASKS_LFCLKSTOP = register(0x00C, write="stop_low")
    TASKS_CAL = register(0x010, write="calibrate")
    EVENTS_HFCLKSTARTED = register(0x100, bits=1)
    EVENTS_LFCLKSTARTED = register(0x104, bits=1)
    EVENTS_DONE = register(0x10C, bits=1)
    HFCLKSTAT = register(0x40C, read_only=True)
    LFCLKSTAT = register(0x418, read="low_status", read_only=True, steady=True)
    LFCLKSRC = register(0x518)

    def start_high(self, value: int) -> None:
        """TASKS_HFCLKSTART."""
        if value & 1:
            self.HFCLKSTAT = _RUNNING | _CRYSTAL
            self.EVENTS_HFCLKSTARTED = 1

    def stop_high(self, value: int) -> None:
        """TASKS_HFCLKSTOP."""
        if value & 1:
            self.HFCLKSTAT = 0
            self.EVENTS_HFCLKSTARTED = 0

    def start_low(self, value: int) -> None:
        """TASKS_LFCLKSTART."""
        if value & 1:
            self.LFCLKSTAT = _RUNNING
            self.EVENTS_LFCLKSTARTED = 1

    def stop_low(self, value: int) -> None:
        """TASKS_LFCLKSTOP."""
        if value & 1:
            self.LFCLKSTAT = 0
            self.EVENTS_LFCLKSTARTED = 0

    def low_status(self) -> int:
        """LFCLKSTAT: whether it runs, and the source that LFCLKSRC chose."""
        return self.LFCLKSTAT | self.LFCLKSRC & 3

    def calibrate(self, value: int) -> None:
        """TASKS_CAL."""
        if value & 1:
            self.EVENTS_DONE = 1
