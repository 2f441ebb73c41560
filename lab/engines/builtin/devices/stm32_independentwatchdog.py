"""The independent watchdog of the STM32."""

from __future__ import annotations

from lab.engines.builtin import chip_resets
from lab.engines.builtin.peripheral import Board, Peripheral, register

_START, _RELOAD, _UNLOCK = 0xCCCC, 0xAAAA, 0x5555
_LARGEST = 0xFFF
_FASTEST = 4
"""Ticks of LSI in one of the counter, at prescaler 0."""
_SECOND_NS = 10**9


class STM32_IndependentWatchdog(Peripheral):
    """IWDG. RM0385 rev 8, chapter 27.4. Settings act at once; it counts asleep too.

    Without `window_option`, as on the STM32F4, WINR does nothing. Where silicon and Renode reset the chip, the run
    ends.
    """

    size = 0x400

    KR = register(0x00, bits=16, write="_command")
    PR = register(0x04, bits=3, write="_set_prescaler")
    RLR = register(0x08, reset=_LARGEST, bits=12, write="_set_reload")
    SR = register(0x0C, read_only=True)
    WINR = register(0x10, reset=_LARGEST, bits=12, write="_set_window")

    def __init__(self, board: Board, *, frequency: int, window_option: bool = True, default_prescaler: int = 0) -> None:
        super().__init__(board)
        self.frequency = frequency
        self.window_option = window_option
        self.default_prescaler = default_prescaler
        self.end = self.alarm(self._on_end)

    def reset(self) -> None:
        """Stopped, and locked."""
        super().reset()
        self.PR = self.default_prescaler
        self.unlocked = False

    def _command(self, value: int) -> None:
        self.unlocked = value == _UNLOCK
        if value == _START or (value == _RELOAD and self.end.running):
            if value == _RELOAD and self._left() > self.WINR:
                self._bite("It was reloaded before its window (WINR)")
                return
            self._restart()

    def _set_prescaler(self, value: int) -> None:
        if self.unlocked:
            self.PR = value

    def _set_reload(self, value: int) -> None:
        if self.unlocked:
            self.RLR = value

    def _set_window(self, value: int) -> None:
        """Writing it reloads the counter too."""
        if self.unlocked and self.window_option:
            self.WINR = value
            if self.end.running:
                self._restart()

    def _tick_ns(self) -> int:
        return (_FASTEST << min(self.PR, 6)) * _SECOND_NS // self.frequency

    def _left(self) -> int:
        return ((self.end.due_ns or 0) - self.now_ns) // self._tick_ns()

    def _restart(self) -> None:
        self.end.start(self.now_ns + (self.RLR + 1) * self._tick_ns())

    def _on_end(self, _due_ns: int) -> None:
        self._bite("It was not reloaded in time")

    def _bite(self, why: str) -> None:
        remedy = "Write 0xAAAA to KR in time, and not before the counter is below WINR."
        self.reset_chip(chip_resets.by_watchdog(self.name, self.now_ns, why=why, remedy=remedy))
