"""The system timer of the ESP32-C3."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from lab.engines.builtin import counters
from lab.engines.builtin.devices.espressif import Interrupting
from lab.engines.builtin.peripheral import Board, register, register_bank

_UNITS, _TARGETS = 2, 3
_TICKS, _NS = 2, 125
"""So many ticks of 16 MHz are so many nanoseconds."""
_BITS = 52
_VALUE_VALID, _UPDATE = 1 << 29, 1 << 30
_PERIOD, _PERIOD_MODE, _UNIT_SEL = (1 << 26) - 1, 1 << 30, 1 << 31


@dataclass
class Unit:
    """A counter of 16 MHz; it stands while `since_ns` is None."""

    counted: int = 0
    since_ns: int | None = None

    def value(self, now_ns: int) -> int:
        """The count at that time."""
        return self.counted + (0 if self.since_ns is None else (now_ns - self.since_ns) * _TICKS // _NS)

    def due_ns(self, count: int) -> int | None:
        """When it gets there, in whole nanoseconds, rounded up; None while it stands."""
        return None if self.since_ns is None else self.since_ns - -(count - self.counted) * _NS // _TICKS


class ESP32C3_SYSTIMER(Interrupting):
    """SYSTIMER. ESP32-C3 technical reference manual 1.1, chapter 10: two counters of 16 MHz, three comparators.

    A target and a period count from COMPn_LOAD on, as on silicon; a period begins anew with that, with WORK_EN and with
    PERIOD_MODE. A target that is behind the counter already rings at once. All of it acts without delay, and
    UNITn_OP.VALUE_VALID follows UPDATE at once. A counter does not stand while the core is stalled, and nobody waits
    until it wraps after 2^52 ticks. The core itself latches and tells the counts, for firmware polls them.
    """

    CONF = register(0x00, reset=0x4600_0000, write="_configure")
    UNIT_OP = register_bank(0x04, count=_UNITS, read="_read_operation", write="_update", steady=True)
    UNIT_LOAD_VALUE = register_bank(0x0C, count=2 * _UNITS)
    TARGET = register_bank(0x1C, count=2 * _TARGETS)
    TARGET_CONF = register_bank(0x34, count=_TARGETS, write="_configure_target")
    UNIT_VALUE = register_bank(0x40, count=2 * _UNITS, read="_read_value", read_only=True, steady=True)
    COMP_LOAD = register_bank(0x50, count=_TARGETS, write="_load_comparator")
    UNIT_LOAD = register_bank(0x5C, count=_UNITS, write="_load_unit")
    INT_ENA = register(0x64, bits=_TARGETS, write="_enable_interrupts")
    INT_RAW = register(0x68, bits=_TARGETS, read_only=True)
    INT_CLR = register(0x6C, bits=_TARGETS, write="_clear_interrupts")
    INT_ST = register(0x70, read="_pending", read_only=True, steady=True)
    DATE = register(0xFC, reset=0x0200_6171)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._fixed |= {"counters"}
        self.counters = counters.take(board.core, _UNITS)
        for counter in self.counters:
            counter.mask, counter.latched = _UPDATE, _VALUE_VALID
            counter.multiplier, counter.divisor = _TICKS, _NS
        self.targets = [self.line(f"TARGET{number}") for number in range(_TARGETS)]
        self.rings = [self.alarm(partial(self._on_ring, number)) for number in range(_TARGETS)]

    def place(self, address: int) -> None:
        """The core tells the units' counts itself."""
        for number, counter in enumerate(self.counters):
            counter.trigger = address + 0x04 + 4 * number
            counter.high_at, counter.low_at = address + 0x40 + 8 * number, address + 0x44 + 8 * number

    def reset(self) -> None:
        """Back to the state after power-on: unit 0 counts from 0."""
        super().reset()
        self.units = [Unit(since_ns=self.now_ns), Unit()]
        for counter in self.counters:
            counter.state = counter.low = counter.high = 0
        self._tell_units()
        self.loaded = [(0, 0)] * _TARGETS
        """Target and period as each comparator has them."""
        self.awaited: list[int | None] = [None] * _TARGETS
        """The counts at which they ring."""

    def _configure(self, value: int) -> None:
        was, self.CONF = self.CONF, value
        for number, unit in enumerate(self.units):
            runs = bool(value >> 30 - number & 1)
            if runs is not (unit.since_ns is not None):
                unit.counted, unit.since_ns = unit.value(self.now_ns), self.now_ns if runs else None
        self._tell_units()
        for number in range(_TARGETS):
            if (value ^ was) >> 24 - number & 1:
                self._arm(number)
        self._set_alarms()

    def _tell_units(self) -> None:
        """Let the core count on from where the units are."""
        for unit, counter in zip(self.units, self.counters, strict=True):
            counter.counted, counter.since_ns = unit.counted, unit.since_ns or 0
            counter.runs = unit.since_ns is not None

    def _read_operation(self, number: int) -> int:
        return self.counters[number].state

    def _read_value(self, index: int) -> int:
        counter = self.counters[index // 2]
        return counter.low if index % 2 else counter.high

    def _update(self, number: int, value: int) -> None:
        if value & _UPDATE:
            count = self.units[number].value(self.now_ns) % (1 << _BITS)
            counter = self.counters[number]
            counter.high, counter.low, counter.state = count >> 32, count & 0xFFFF_FFFF, _VALUE_VALID

    def _load_unit(self, number: int, value: int) -> None:
        if value & 1:
            unit = self.units[number]
            unit.counted = self._joined(self.UNIT_LOAD_VALUE[2 * number], self.UNIT_LOAD_VALUE[2 * number + 1])
            unit.since_ns = None if unit.since_ns is None else self.now_ns
            self._tell_units()
            self._set_alarms()

    def _configure_target(self, number: int, value: int) -> None:
        was, self.TARGET_CONF[number] = self.TARGET_CONF[number], value
        if (value ^ was) & (_PERIOD_MODE | _UNIT_SEL):
            self._arm(number)
            self._set_alarms()

    def _load_comparator(self, number: int, value: int) -> None:
        if value & 1:
            target = self._joined(self.TARGET[2 * number], self.TARGET[2 * number + 1])
            self.loaded[number] = target, self.TARGET_CONF[number] & _PERIOD
            self._arm(number)
            self._set_alarms()

    def _joined(self, high: int, low: int) -> int:
        return (high << 32 | low) % (1 << _BITS)

    def _unit_of(self, number: int) -> Unit:
        return self.units[1 if self.TARGET_CONF[number] & _UNIT_SEL else 0]

    def _period_of(self, number: int) -> int | None:
        return self.loaded[number][1] if self.TARGET_CONF[number] & _PERIOD_MODE else None

    def _arm(self, number: int) -> None:
        period = self._period_of(number)
        if not self.CONF >> 24 - number & 1 or period == 0:
            self.awaited[number] = None
        elif period is None:
            self.awaited[number] = self.loaded[number][0]
        else:
            self.awaited[number] = self._unit_of(number).value(self.now_ns) + period

    def _set_alarms(self) -> None:
        for number, ring in enumerate(self.rings):
            self._ring_what_is_past(number)
            count = self.awaited[number]
            due_ns = None if count is None else self._unit_of(number).due_ns(count)
            if due_ns is None:
                ring.stop()
            else:
                ring.start(due_ns)

    def _ring_what_is_past(self, number: int) -> None:
        count, period = self.awaited[number], self._period_of(number)
        now = self._unit_of(number).value(self.now_ns)
        if count is None or count > now:
            return
        self.awaited[number] = None if not period else count + ((now - count) // period + 1) * period
        self.INT_RAW |= 1 << number
        self._update_interrupts()

    def _on_ring(self, number: int, _due_ns: int) -> None:
        self._ring_what_is_past(number)
        self._set_alarms()

    def _update_interrupts(self) -> None:
        for number, line in enumerate(self.targets):
            line.set(bool(self._pending() >> number & 1))
