"""How long the host waits for Renode: learnt from how long it took so far."""

from __future__ import annotations

START_S = 120.0
"""For a start, on a busy machine that compiles Renode's code as it goes."""

_FLOOR_S = 30.0
_FACTOR = 20.0
_UNKNOWN_S_PER_VIRTUAL_S = 60.0


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
