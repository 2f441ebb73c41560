"""The 16 MHz timer."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic_timer import NordicTimer
from lab.engines.builtin.peripheral import register, register_bank

_TIMER_MODE = 0
_BITS = (16, 8, 24, 32)
_STOP_SHORTS = 8


class NRF52840_Timer(NordicTimer):
    """TIMER. nRF52840 product specification 1.7, chapter 6.30.

    As in Renode a write to CC takes its event back, and PRESCALER is 0 after reset (silicon: 4). Counter modes count
    TASKS_COUNT only. Beyond Renode: SHORTS, and the counter wraps at the bits of BITMODE.
    """

    TASKS_COUNT = register(0x008, write="count")
    TASKS_CLEAR = register(0x00C, write="clear")
    TASKS_SHUTDOWN = register(0x010, write="stop")
    TASKS_CAPTURE = register_bank(0x040, count=6, write="capture")
    SHORTS = register(0x200)
    MODE = register(0x504, bits=2)
    BITMODE = register(0x508, bits=2, write="set_width")
    PRESCALER = register(0x510, bits=4, write="prescale")

    frequency = 16_000_000
    turns = 1 << _BITS[0]

    def start(self, value: int) -> None:
        """TASKS_START; in a counter mode time does not count."""
        if self.MODE == _TIMER_MODE:
            super().start(value)

    def count(self, value: int) -> None:
        """TASKS_COUNT, one step of a counter mode."""
        if not value & 1 or self.MODE == _TIMER_MODE:
            return
        for counter in self.counters:
            counter.counted = (counter.counted + 1) % counter.turns
        reached = [number for number, counter in enumerate(self.counters) if counter.counted == counter.compare]
        for channel in reached:
            self.EVENTS_COMPARE[channel] = 1
        for channel in reached:
            self._take_shortcuts(channel, self.now_ns)

    def capture(self, channel: int, value: int) -> None:
        """TASKS_CAPTURE[n]: the counter into CC[n]."""
        if value & 1 and channel < len(self.counters):
            self.set_compare(channel, self.counters[channel].value(self.now_ns))

    def prescale(self, value: int) -> None:
        """PRESCALER: 16 MHz / 2^n."""
        self.PRESCALER = value
        self.divide(1 << value)

    def set_width(self, value: int) -> None:
        """BITMODE: after so many bits the counter is 0 again."""
        self.BITMODE = value
        for counter in self.counters:
            counter.turns = 1 << _BITS[value]
        self.set_alarms(self.now_ns)

    def on_match(self, channel: int, due_ns: int) -> None:
        """The counter got to CC[n]; what a shortcut clears has reached other channels of the same value as well."""
        shortcuts = self.SHORTS >> channel & (1 | 1 << _STOP_SHORTS)
        together = [n for n, alarm in enumerate(self.matches) if alarm.due_ns == due_ns] if shortcuts else []
        for reached in (channel, *together):
            super().on_match(reached, due_ns)
        for reached in (channel, *together):
            self._take_shortcuts(reached, due_ns)

    def _take_shortcuts(self, channel: int, now_ns: int) -> None:
        shortcuts = self.SHORTS >> channel
        if shortcuts & 1:
            for counter in self.counters:
                counter.go_on(now_ns, counted=0, running=counter.since_ns is not None)
        if shortcuts & 1 << _STOP_SHORTS:
            for counter in self.counters:
                counter.go_on(now_ns, counted=counter.value(now_ns), running=False)
        if shortcuts & (1 | 1 << _STOP_SHORTS):
            self.set_alarms(now_ns)
