"""The calendar clock of the STM32F4 and F7."""

from __future__ import annotations

from lab.engines.builtin.chip_resets import Reset
from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_INIT, _INITF, _INITS, _RSF = 1 << 7, 1 << 6, 1 << 4, 1 << 5


class STM32F4_RTC(Peripheral):
    """RTC. RM0385 rev 8, chapter 29.6. Its calendar stands still and no alarm or wake-up comes (Renode has both).

    It is here because Renode's RCC cannot be described without one.
    """

    size = 0x400

    TR = register(0x00)
    DR = register(0x04, reset=0x2101)
    CR = register(0x08)
    ISR = register(0x0C, reset=0x7, read="_read_status", steady=True)
    PRER = register(0x10, reset=0x7F_00FF)
    WUTR = register(0x14, reset=0xFFFF)
    ALRMR = register_bank(0x1C, count=2)
    WPR = register(0x24, bits=8)
    SSR = register(0x28, read_only=True)
    BKPR = register_bank(0x50, count=32)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.line("AlarmIRQ")
        self.line("WakeupIRQ")

    def reset_by(self, reset: Reset) -> None:
        """It is in the backup domain: the calendar and BKPR keep what they hold."""

    def _read_status(self) -> int:
        """Initialisation mode is entered at once, and the shadow registers are in step."""
        mode = _INITF if self.ISR & _INIT else 0
        return self.ISR & ~_INITF | mode | _RSF | (_INITS if self.DR & 0xFF_0000 else 0)
