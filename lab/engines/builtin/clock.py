"""Virtual time: from instructions to nanoseconds, and the alarms that devices set.

Renode's timing rule. With M = PerformanceInMips, time advances in grid steps: g instructions are s nanoseconds, where
g = M / gcd(M, 1000) and s = 1000 g / M. A count of C instructions (those skipped asleep included) is the time
s * floor(C / g); an alarm due at T rings when C reaches g * ceil(T / s). Between alarms time is synchronised at the
start of each block, so that is the time that a device sees during an access.
"""

from __future__ import annotations

from bisect import insort
from math import gcd

from lab.engines.builtin.peripheral import Alarm
from lab.engines.builtin.shim import Core


class VirtualClock:
    """The board's clock. `end` is the count at which the present run stops."""

    def __init__(self, core: Core, mips: int) -> None:
        self._core = core
        self.mips = mips
        self._order: dict[Alarm, int] = {}
        self._alarms: list[Alarm] = []  # of those, what was ever started: a device that nobody uses takes no time
        self._instructions = mips // gcd(mips, 1000)
        self._nanoseconds = 1000 * self._instructions // mips
        self.end = 0
        core.grid_instructions, core.grid_ns = self._instructions, self._nanoseconds

    @property
    def now_ns(self) -> int:
        """Time of the last synchronisation."""
        return self.time_at(self._core.synchronised)

    def time_at(self, count: int) -> int:
        """Nanoseconds after `count` instructions."""
        return count // self._instructions * self._nanoseconds

    def count_at(self, time_ns: int) -> int:
        """Instructions after which something due at `time_ns` happens."""
        return -(-time_ns // self._nanoseconds) * self._instructions

    def register(self, alarm: Alarm) -> None:
        """Watch over an alarm; alarms due at the same time ring in order of registration."""
        self._order[alarm] = len(self._order)

    def started(self, alarm: Alarm) -> None:
        """An alarm runs, or runs to another time."""
        if alarm not in self._alarms:
            insort(self._alarms, alarm, key=self._order.__getitem__)
        self.changed()

    def changed(self) -> None:
        """An alarm was stopped or the end moved: the core looks before its next block."""
        due = min([alarm.due_ns for alarm in self._alarms if alarm.due_ns is not None], default=None)
        self._core.deadline = self.end if due is None else min(self.end, self.count_at(due))
        self._core.limit = 0

    def ring(self) -> None:
        """Ring every alarm whose count has come, in order of time."""
        self._core.synchronised = self._core.count
        now_ns = self.now_ns  # an alarm's count has come when its time is past, both being on the grid
        while due := [alarm for alarm in self._alarms if alarm.due_ns is not None and alarm.due_ns <= now_ns]:
            min(due, key=lambda alarm: alarm.due_ns or 0).fire()
        self.changed()
