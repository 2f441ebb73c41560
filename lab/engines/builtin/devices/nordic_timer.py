"""What TIMER and RTC of the nRF52840 have in common: compare channels on a counter that runs on virtual time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from typing_extensions import Self

from lab.engines.builtin.devices.nordic import NordicPeripheral, event_bank
from lab.engines.builtin.peripheral import Board, register, register_bank
from lab.errors import ConfigurationError

_SECOND_NS = 10**9
_CHANNELS = 6


@dataclass
class Counter:
    """The counter as one compare channel sees it; Renode too gives each channel its own (its ComparingTimer).

    It runs at a whole number of hertz, `base // divider`, and is 0 again after `turns` counts. The time to a match is
    rounded up to whole nanoseconds and counting goes on from that rounded moment. A compare value that the counter is
    at or beyond is reached in the next turn.
    """

    base: int
    turns: int
    divider: int = 1
    compare: int | None = None
    counted: int = 0
    since_ns: int | None = None

    @property
    def frequency(self) -> int:
        """Counts a second."""
        return self.base // self.divider

    def value(self, now_ns: int) -> int:
        """The count at that time."""
        return (self.counted + self._passed(now_ns)) % self.turns

    def go_on(self, now_ns: int, *, counted: int, running: bool) -> None:
        """Hold `counted` from now on, and count further if `running`."""
        self.counted = counted
        self.since_ns = now_ns if running else None

    def clear(self, now_ns: int) -> None:
        """Count from 0, from the last whole tick on."""
        self.counted = 0
        if self.since_ns is not None:
            self.since_ns = now_ns - (now_ns - self.since_ns) * self.frequency % _SECOND_NS // self.frequency

    def match_ns(self, now_ns: int) -> int | None:
        """When the compare value is reached, None if never."""
        return None if self.compare is None else self.reaches_ns(self.compare, now_ns)

    def reaches_ns(self, count: int, now_ns: int) -> int | None:
        """When it is next at `count`, None while it stands."""
        if self.since_ns is None:
            return None
        passed = self._passed(now_ns)
        ticks = passed + (count - self.counted - passed - 1) % self.turns + 1
        return self.since_ns - -ticks * _SECOND_NS // self.frequency

    def _passed(self, now_ns: int) -> int:
        return 0 if self.since_ns is None else (now_ns - self.since_ns) * self.frequency // _SECOND_NS

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """For a snapshot."""
        return type(self)(self.base, self.turns, self.divider, self.compare, self.counted, self.since_ns)


class NordicTimer(NordicPeripheral):
    """Base of TIMER and RTC: tasks START and STOP, events COMPARE, registers CC."""

    TASKS_START = register(0x000, write="start")
    TASKS_STOP = register(0x004, write="stop")
    EVENTS_COMPARE = event_bank(0x140, count=_CHANNELS)
    CC = register_bank(0x540, count=_CHANNELS, read="compare", write="set_compare", steady=True)

    frequency = 0
    """Of the undivided counter, Hz."""

    turns = 0
    """Counts until it is 0 again, after reset."""

    def __init__(self, board: Board, number_of_events: int) -> None:
        super().__init__(board)
        if not 0 < number_of_events <= _CHANNELS:
            raise ConfigurationError(
                f"{self.name}: numberOfEvents is {number_of_events}, not 1 to {_CHANNELS}.",
                remedy="Correct it in the platform description.",
                code="platform-description",
            )
        self.matches = [self.alarm(partial(self.on_match, channel)) for channel in range(number_of_events)]
        self.counters: list[Counter] = []
        self._fixed |= {"matches"}

    def reset(self) -> None:
        """Back to the state after power-on: stopped at 0."""
        super().reset()
        self.counters = [Counter(self.frequency, self.turns) for _ in self.matches]

    def start(self, value: int) -> None:
        """TASKS_START."""
        if value & 1:
            self.run(running=True)

    def stop(self, value: int) -> None:
        """TASKS_STOP: the counter keeps its value."""
        if value & 1:
            self.run(running=False)

    def clear(self, value: int) -> None:
        """TASKS_CLEAR. The prescaler goes on undisturbed, so the first count is as early as its next tick."""
        if value & 1:
            for counter in self.counters:
                counter.clear(self.now_ns)
            self.set_alarms(self.now_ns)

    def divide(self, divider: int) -> None:
        """Count every `divider`-th tick of the frequency from now on."""
        for counter in self.counters:
            counter.go_on(self.now_ns, counted=counter.value(self.now_ns), running=counter.since_ns is not None)
            counter.divider = divider
        self.set_alarms(self.now_ns)

    def compare(self, channel: int) -> int:
        """CC[n] as firmware reads it."""
        return self.CC[channel]

    def set_compare(self, channel: int, value: int) -> None:
        """CC[n]; a channel that this instance lacks ignores it. As in Renode it takes the channel's event back."""
        if channel < len(self.counters):
            self.CC[channel] = value
            self.EVENTS_COMPARE[channel] = 0
            self.counters[channel].compare = value
            self.set_alarms(self.now_ns)

    def on_match(self, channel: int, due_ns: int) -> None:
        """The counter got to CC[n]."""
        counter = self.counters[channel]
        counter.go_on(due_ns, counted=self.CC[channel] % counter.turns, running=True)
        self.EVENTS_COMPARE[channel] = 1
        self._set_alarm(channel, due_ns)
        self.update_interrupt()

    def run(self, *, running: bool) -> None:
        """Count from now on, or stand."""
        for counter in self.counters:
            if running is not (counter.since_ns is not None):
                counter.go_on(self.now_ns, counted=counter.value(self.now_ns), running=running)
        self.set_alarms(self.now_ns)

    def set_alarms(self, now_ns: int) -> None:
        """Something changed how the counter runs, at that time."""
        for channel in range(len(self.counters)):
            self._set_alarm(channel, now_ns)

    def _set_alarm(self, channel: int, now_ns: int) -> None:
        due_ns = self.counters[channel].match_ns(now_ns)
        if due_ns is None:
            self.matches[channel].stop()
        else:
            self.matches[channel].start(due_ns)
