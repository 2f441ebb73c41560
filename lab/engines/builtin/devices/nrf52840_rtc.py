"""The 32.768 kHz real-time counter."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic_timer import NordicTimer
from lab.engines.builtin.peripheral import register


class NRF52840_RTC(NordicTimer):
    """RTC. nRF52840 product specification 1.7, chapter 6.22.

    As in Renode: TICK and OVRFLW never come; EVTEN, which is for the PPI, changes nothing; a write to CC takes its
    event back; the prescaled counter runs at a whole number of hertz (32,768 / 3 is 10,922); no synchronisation delay
    of the slow clock.
    """

    TASKS_CLEAR = register(0x008, write="clear")
    EVENTS_TICK = register(0x100, bits=1)
    EVENTS_OVRFLW = register(0x104, bits=1)
    EVTEN = register(0x340)
    EVTENSET = register(0x344, read="_event_enabled", write="_enable_event", steady=True)
    EVTENCLR = register(0x348, read="_event_enabled", write="_disable_event", steady=True)
    COUNTER = register(0x504, bits=24, read="counter", read_only=True)
    PRESCALER = register(0x508, bits=12, write="prescale")

    frequency = 32_768

    def counter(self) -> int:
        """COUNTER."""
        return self.counters[0].value(self.now_ns)

    def prescale(self, value: int) -> None:
        """PRESCALER: 32.768 kHz / (n + 1)."""
        self.PRESCALER = value
        self.divide(value + 1)

    def _event_enabled(self) -> int:
        return self.EVTEN

    def _enable_event(self, value: int) -> None:
        self.EVTEN |= value

    def _disable_event(self, value: int) -> None:
        self.EVTEN &= ~value
