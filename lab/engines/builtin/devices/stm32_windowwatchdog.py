"""The window watchdog of the STM32."""

from __future__ import annotations

from lab.engines.builtin import chip_resets
from lab.engines.builtin.peripheral import Board, Peripheral, register

_WDGA, _COUNT, _LIVES = 1 << 7, 0x7F, 0x40
_EWI = 1 << 9
_DIVIDER = 4096
_SECOND_NS = 10**9


class STM32_WindowWatchdog(Peripheral):
    """WWDG. RM0385 rev 8, chapter 28.6; not in Renode. `frequency` is that of PCLK1.

    The counter runs from its start on, not before.
    """

    size = 0x400

    CR = register(0x00, reset=_COUNT, bits=8, read="_control", write="_set")
    CFR = register(0x04, reset=_COUNT, bits=10)
    SR = register(0x08, bits=1, write="_clear")

    def __init__(self, board: Board, *, frequency: int) -> None:
        super().__init__(board)
        self.frequency = frequency
        self.warning = self.alarm(self._on_warning)
        self.end = self.alarm(self._on_end)

    def _tick_ns(self) -> int:
        return (_DIVIDER << (self.CFR >> 7 & 3)) * _SECOND_NS // self.frequency

    def _left(self) -> int:
        """What T is now."""
        if self.end.due_ns is None:
            return self.CR & _COUNT
        return _LIVES - 1 - (self.now_ns - self.end.due_ns) // self._tick_ns()

    def _control(self) -> int:
        return self.CR & _WDGA | self._left() & _COUNT

    def _set(self, value: int) -> None:
        """T, and WDGA, which stays."""
        if self.end.running and self._left() > self.CFR & _COUNT:
            self._bite("It was reloaded before its window (CFR)")
            return
        self.CR = value | self.CR & _WDGA
        if not self.CR & _WDGA:
            return
        count = value & _COUNT
        if count < _LIVES:
            self._bite("T6 was cleared")
            return
        ticks = count - _LIVES + 1
        self.end.start(self.now_ns + ticks * self._tick_ns())
        self.warning.start(self.now_ns + (ticks - 1) * self._tick_ns())

    def _clear(self, value: int) -> None:
        self.SR &= value
        self._update_interrupt()

    def _on_warning(self, _due_ns: int) -> None:
        """T is 0x40."""
        self.SR = 1
        self._update_interrupt()

    def _update_interrupt(self) -> None:
        self.irq.set(bool(self.SR and self.CFR & _EWI))

    def _on_end(self, _due_ns: int) -> None:
        self._bite("It was not reloaded in time")

    def _bite(self, why: str) -> None:
        remedy = "Write T to CR while it is between 0x40 and the window in CFR."
        cause = chip_resets.Cause.WINDOW_WATCHDOG
        self.reset_chip(chip_resets.by_watchdog(self.name, self.now_ns, why=why, remedy=remedy, cause=cause))
