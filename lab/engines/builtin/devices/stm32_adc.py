"""One analog-to-digital converter of the STM32F2, F4 and F7, as Renode has it."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_EOC = 1 << 1
_EOCIE, _SCAN = 1 << 5, 1 << 8
_ADON, _CONT, _DMA, _DDS, _EOCS, _SWSTART = 1 << 0, 1 << 1, 1 << 8, 1 << 9, 1 << 10, 1 << 30
_CONVERSION_NS = 100_000


class STM32_ADC(Peripheral):
    """ADC. RM0090 rev 20, chapter 13.13: regular conversions by software, every input at 0 V.

    As in Renode a conversion takes 100 microseconds whatever its sampling time, and DMA is asked only while DDS is set.
    Renode's can be fed. No injected channels, watchdog or triggers.
    """

    size = 0x50

    SR = register(0x00, write="_clear")
    CR1 = register(0x04)
    CR2 = register(0x08, write="_control")
    SMPR = register_bank(0x0C, count=2)
    JOFR = register_bank(0x14, count=4, bits=12)
    HTR = register(0x24, reset=0xFFF)
    LTR = register(0x28)
    SQR1 = register(0x2C)
    SQR2 = register(0x30)
    SQR3 = register(0x34)
    JSQR = register(0x38)
    JDR = register_bank(0x3C, count=4, read_only=True)
    DR = register(0x4C, read="_take", read_only=True)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.request = self.line("DMARequest")
        self.converted = self.alarm(self._on_converted)

    def reset(self) -> None:
        """Off."""
        super().reset()
        self.at = 0  # in its sequence

    def _clear(self, value: int) -> None:
        self.SR &= value
        self._update_interrupt()

    def _control(self, value: int) -> None:
        self.CR2 = value & ~_SWSTART
        if value & _SWSTART and value & _ADON and not self.converted.running:
            self.converted.start(self.now_ns + _CONVERSION_NS)

    def _on_converted(self, due_ns: int) -> None:
        last = self.at == self.SQR1 >> 20 & 0xF
        scans = bool(self.CR1 & _SCAN)
        self.at = 0 if last or not scans else self.at + 1
        if self.CR2 & _EOCS or last or not scans:
            self.SR |= _EOC
        if self.CR2 & (_DMA | _DDS) == _DMA | _DDS:
            self.request.set(True)
            self.request.set(False)
        if self.CR2 & _CONT or (scans and not last):
            self.converted.start(due_ns + _CONVERSION_NS)
        self._update_interrupt()

    def _take(self) -> int:
        self.SR &= ~_EOC
        self._update_interrupt()
        return 0

    def _update_interrupt(self) -> None:
        self.irq.set(bool(self.SR & _EOC and self.CR1 & _EOCIE))
