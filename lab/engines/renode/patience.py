"""How long the host waits for Renode: learnt from how long it took so far."""

from __future__ import annotations

import time
from collections.abc import Callable

START_S = 120.0
"""For a start, on a busy machine that compiles Renode's code as it goes."""

_FLOOR_S = 30.0
_FACTOR = 20.0
_UNKNOWN_S_PER_VIRTUAL_S = 60.0
_TIMES_WHILE_MOVING = 10.0
_IDLE = 0.02
"""Share of a core: above what a Renode wants that waits for something, of which 0.007 was measured."""


class Patience:
    """The time limit for the next slice of virtual time: 20 times the slowest so far, and never below 30 s."""

    def __init__(self) -> None:
        self._slowest = 0.0

    def limit_s(self, virtual_ns: int) -> float:
        """Host seconds for a run of that much virtual time."""
        rate = _FACTOR * self._slowest or _UNKNOWN_S_PER_VIRTUAL_S
        return max(_FLOOR_S, rate * virtual_ns / 1e9)

    def learn(self, virtual_ns: int, host_s: float) -> None:
        """A run of that much virtual time took so long on the host."""
        if virtual_ns:
            self._slowest = max(self._slowest, host_s / virtual_ns * 1e9)


class Deadline:
    """Passes when nothing has moved for `limit_s` host seconds, and after ten times that in any case.

    `moves` says whether something has since it was last called. It is called when the limit is over: a machine that is
    busy with other work makes a run slow, not stuck.
    """

    def __init__(self, limit_s: float, moves: Callable[[], bool]) -> None:
        self._limit_s = limit_s
        self._moves = moves
        self._next = time.monotonic() + limit_s
        self._last = time.monotonic() + limit_s * _TIMES_WHILE_MOVING

    def has_passed(self) -> bool:
        """Whether to wait no longer."""
        if time.monotonic() < self._next:
            return False
        if time.monotonic() > self._last or not self._moves():
            return True
        self._next = time.monotonic() + self._limit_s
        return False


class Work:
    """Whether a process works, by the processor time that it wants: a hang wants none, however busy the machine is.

    Time that it only waited for counts: at low priority it may get a thousandth of a processor.
    """

    def __init__(self, wanted_s: Callable[[], float]) -> None:
        self._wanted_s = wanted_s
        self._before_s = 0.0
        self._asked = time.monotonic()

    def goes_on(self) -> bool:
        """Whether it has, since this was last asked or it began."""
        wanted_s, asked = self._wanted_s(), time.monotonic()
        share = (wanted_s - self._before_s) / max(asked - self._asked, 1e-9)
        self._before_s, self._asked = wanted_s, asked
        return abs(share) > _IDLE
