"""The timer inside every Cortex-M: counts LOAD down and pends exception 15. Arm DDI 0403E, B3.3.

Renode's rules, which the tests hold this model to: the period is LOAD ticks, where silicon takes LOAD + 1; a write to
VAL, or a stop, keeps the part of a tick that has passed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from lab.engines.builtin.peripheral import Board, Peripheral, register

_ENABLE, _TICKINT, _CLKSOURCE, _COUNTFLAG = 1, 2, 4, 1 << 16
_NOREF, _SKEW = 1 << 31, 1 << 30
_SECOND_NS = 10**9


class SysTick(Peripheral, ABC):
    """The registers at 0x010 to 0x01C of the system control space; a part of the NVIC, as in Renode."""

    SYST_CSR = register(0x010, reset=_CLKSOURCE, read="_read_control", write="_write_control")
    SYST_RVR = register(0x014, bits=24)
    SYST_CVR = register(0x018, read="_current", write="_restart")
    SYST_CALIB = register(0x01C, read="_calibration", read_only=True)

    def __init__(self, board: Board, *, systick_frequency: int) -> None:
        super().__init__(board)
        self.frequency = systick_frequency
        self.tick = self.alarm(self._expired)

    def reset(self) -> None:
        """Stopped, with nothing counted."""
        super().reset()
        self._left = 0
        self._counting = 0
        self._part = 0
        self._since_ns = 0
        self._flag = False

    @abstractmethod
    def pend_systick(self) -> None:
        """Exception 15 becomes pending; the NVIC says how."""

    def _nanoseconds(self, ticks: int, part: int = 0) -> int:
        return -((part - ticks * _SECOND_NS) // self.frequency)

    def _read_control(self) -> int:
        flag = _COUNTFLAG if self._flag else 0
        self._flag = False
        return self.SYST_CSR | flag

    def _write_control(self, value: int) -> None:
        was_on, is_on = self.SYST_CSR & _ENABLE, value & _ENABLE
        if was_on and not is_on:
            self._left, self._part = self._current(), self._passed() % _SECOND_NS
            self.tick.stop()
        self.SYST_CSR = value & 3 | _CLKSOURCE
        if is_on and not was_on:
            self._start(self._left or self.SYST_RVR)

    def _calibration(self) -> int:
        """There is no clock but the core's; TENMS is 10 ms of it."""
        return _NOREF | (_SKEW if self.frequency % 100 else 0) | self.frequency // 100 & 0xFF_FFFF

    def _start(self, ticks: int) -> None:
        if ticks:
            self._count_down(ticks, self.now_ns)
            self.tick.start(self.now_ns + self._nanoseconds(ticks, self._part), self._nanoseconds(self.SYST_RVR))
        else:
            self.tick.stop()

    def _count_down(self, ticks: int, since_ns: int) -> None:
        self._counting, self._since_ns = ticks, since_ns

    def _current(self) -> int:
        if not self.tick.running:
            return self._left
        return max(0, self._counting - self._passed() // _SECOND_NS)

    def _passed(self) -> int:
        """Since it was last set, in billionths of a tick."""
        running_ns = self.now_ns - self._since_ns if self.tick.running else 0
        return running_ns * self.frequency + self._part

    def _restart(self, value: int) -> None:  # noqa: ARG002 - any write clears the counter
        self._left, self._part, self._flag = 0, self._passed() % _SECOND_NS, False
        if self.SYST_CSR & _ENABLE:
            self._start(self.SYST_RVR)

    def _expired(self, due_ns: int) -> None:
        self._flag, self._part = True, 0
        self._count_down(self.SYST_RVR, due_ns)
        period = self._nanoseconds(self.SYST_RVR)
        if period != self.tick.period_ns:  # LOAD was written since: it counts from this reload on
            self._left = 0
            self.tick.start(due_ns + period, period) if period else self.tick.stop()
        if self.SYST_CSR & _TICKINT:
            self.pend_systick()
