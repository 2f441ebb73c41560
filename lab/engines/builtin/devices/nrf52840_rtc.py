"""The 32.768 kHz real-time counter."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import event
from lab.engines.builtin.devices.nordic_timer import NordicTimer
from lab.engines.builtin.peripheral import Alarm, Board, register

_EVENTS = 0x100
_TICK = 1
_TRIGGERED = 0xFF_FFF0


class NRF52840_RTC(NordicTimer):
    """RTC. nRF52840 product specification 1.7, chapter 6.22.

    As in Renode: a write to CC takes its event back; the prescaled counter runs at a whole number of hertz (32,768 / 3
    is 10,922); no synchronisation delay of the slow clock; EVTEN says what the PPI hears and nothing else. Beyond
    Renode: OVRFLW, and TICK without its interrupt. TICK comes only while something could notice.
    """

    TASKS_CLEAR = register(0x008, write="clear")
    TASKS_TRIGOVRFLW = register(0x00C, write="go_to_the_end")
    EVENTS_TICK = event(0x100)
    EVENTS_OVRFLW = event(0x104)
    EVTEN = register(0x340)
    EVTENSET = register(0x344, read="_event_enabled", write="_enable_event", steady=True)
    EVTENCLR = register(0x348, read="_event_enabled", write="_disable_event", steady=True)
    COUNTER = register(0x504, bits=24, read="counter", read_only=True)
    PRESCALER = register(0x508, bits=12, write="prescale")

    frequency = 32_768
    turns = 1 << 24

    def __init__(self, board: Board, number_of_events: int) -> None:
        super().__init__(board, number_of_events)
        self.tick = self.alarm(self.on_tick)
        self.overflow = self.alarm(self.on_overflow)

    def write(self, offset: int, size: int, value: int) -> None:
        """A register write; any of them may change whether somebody waits for a tick."""
        super().write(offset, size, value)
        wanted = (self.INTEN | self.EVTEN) & _TICK and self.counters[0].since_ns is not None
        if bool(wanted) is not self.tick.running:
            self._set(self.tick, self.counters[0].value(self.now_ns) + 1 if wanted else None, self.now_ns)

    def route(self, offset: int) -> None:
        """The PPI hears what EVTEN enables."""
        if self.EVTEN >> (offset - _EVENTS) // 4 & 1:
            super().route(offset)

    def counter(self) -> int:
        """COUNTER."""
        return self.counters[0].value(self.now_ns)

    def prescale(self, value: int) -> None:
        """PRESCALER: 32.768 kHz / (n + 1)."""
        self.PRESCALER = value
        self.divide(value + 1)

    def go_to_the_end(self, value: int) -> None:
        """TASKS_TRIGOVRFLW: 16 counts before the overflow."""
        if value & 1:
            for counter in self.counters:
                counter.go_on(self.now_ns, counted=_TRIGGERED, running=counter.since_ns is not None)
            self.set_alarms(self.now_ns)

    def set_alarms(self, now_ns: int) -> None:
        """Something changed how the counter runs, at that time."""
        super().set_alarms(now_ns)
        self._set(self.overflow, 0, now_ns)
        self.tick.stop()

    def on_tick(self, due_ns: int) -> None:
        """It counted."""
        self.EVENTS_TICK = 1
        self._set(self.tick, self.counters[0].value(due_ns) + 1, due_ns)
        self.update_interrupt()

    def on_overflow(self, due_ns: int) -> None:
        """It is 0 again."""
        self.EVENTS_OVRFLW = 1
        self._set(self.overflow, 0, due_ns)
        self.update_interrupt()

    def _set(self, alarm: Alarm, count: int | None, now_ns: int) -> None:
        due_ns = None if count is None else self.counters[0].reaches_ns(count, now_ns)
        if due_ns is None:
            alarm.stop()
        else:
            alarm.start(due_ns)

    def _event_enabled(self) -> int:
        return self.EVTEN

    def _enable_event(self, value: int) -> None:
        self.EVTEN |= value

    def _disable_event(self, value: int) -> None:
        self.EVTEN &= ~value
