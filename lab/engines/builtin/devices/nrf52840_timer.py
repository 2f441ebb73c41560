"""The 16 MHz timer."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic_timer import NordicTimer
from lab.engines.builtin.peripheral import register, register_bank

_TIMER_MODE = 0


class NRF52840_Timer(NordicTimer):
    """TIMER. nRF52840 product specification 1.7, chapter 6.30.

    As in Renode: no SHORTS, so a handler clears and re-arms by itself; BITMODE is kept but the counter never wraps; a
    write to CC takes its event back; PRESCALER is 0 after reset (silicon: 4). Counter modes count TASKS_COUNT only.
    """

    TASKS_COUNT = register(0x008, write="count")
    TASKS_CLEAR = register(0x00C, write="clear")
    TASKS_CAPTURE = register_bank(0x040, count=6, write="capture")
    MODE = register(0x504, bits=2)
    BITMODE = register(0x508, bits=2)
    PRESCALER = register(0x510, bits=4, write="prescale")

    frequency = 16_000_000

    def start(self, value: int) -> None:
        """TASKS_START; in a counter mode time does not count."""
        if self.MODE == _TIMER_MODE:
            super().start(value)

    def count(self, value: int) -> None:
        """TASKS_COUNT, one step of a counter mode."""
        if not value & 1 or self.MODE == _TIMER_MODE:
            return
        for channel, counter in enumerate(self.counters):
            counter.counted += 1
            if counter.counted == counter.compare:
                self.EVENTS_COMPARE[channel] = 1

    def capture(self, channel: int, value: int) -> None:
        """TASKS_CAPTURE[n]: the counter into CC[n]."""
        if value & 1 and channel < len(self.counters):
            self.set_compare(channel, self.counters[channel].value(self.now_ns))

    def prescale(self, value: int) -> None:
        """PRESCALER: 16 MHz / 2^n."""
        self.PRESCALER = value
        self.divide(1 << value)
