"""The analog-to-digital converter of the STM32F0."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register

_ADRDY, _EOSMP, _EOC, _EOS, _OVR = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4
_FLAGS = _ADRDY | _EOSMP | _EOC | _EOS | _OVR | 1 << 7
_ADEN, _ADDIS, _ADSTART, _ADSTP = 1 << 0, 1 << 1, 1 << 2, 1 << 4
_DMAEN, _CONT, _WAIT = 1 << 0, 1 << 13, 1 << 14
_CHANNELS = 19
_CONVERSION_NS = 1_000


class STM32F0_ADC(Peripheral):
    """ADC. RM0091 rev 10, chapter 13.12: conversions by software, every input at 0 V.

    A conversion takes a microsecond, the least that silicon needs. Renode's can be fed, starts by a trigger at
    `external_event_frequency`, and has a watchdog.
    """

    size = 0x400

    ISR = register(0x00, write="_clear")
    IER = register(0x04, write="_enable")
    CR = register(0x08, write="_control")
    CFGR1 = register(0x0C)
    CFGR2 = register(0x10)
    SMPR = register(0x14, bits=3)
    TR = register(0x20, reset=0x0FFF_0000)
    CHSELR = register(0x28, bits=_CHANNELS)
    DR = register(0x40, read="_take", read_only=True)
    CCR = register(0x308)

    def __init__(
        self,
        board: Board,
        *,
        reference_voltage: float,  # noqa: ARG002 - of inputs that are at 0 V
        external_event_frequency: int,  # noqa: ARG002 - there are no triggers
        dma_peripheral: Peripheral | None = None,
        dma_channel: int = 0,
    ) -> None:
        super().__init__(board)
        self.request = self.line("DMARequest")
        if dma_peripheral is not None:
            self.request.connect(dma_peripheral, dma_channel)
        self.converted = self.alarm(self._on_converted)

    def reset(self) -> None:
        """Off."""
        super().reset()
        self.left = 0
        self.waits = False

    def _clear(self, value: int) -> None:
        self.ISR &= ~(value & _FLAGS)
        self._update_interrupt()

    def _enable(self, value: int) -> None:
        self.IER = value
        self._update_interrupt()

    def _control(self, value: int) -> None:
        if value & (_ADDIS | _ADSTP):
            self.converted.stop()
            self.left, self.waits = 0, False
            self.CR &= ~(_ADSTART | (_ADEN if value & _ADDIS else 0))
        if value & _ADEN:
            self.CR |= _ADEN
            self.ISR |= _ADRDY
        if value & _ADSTART and self.CR & _ADEN and not self.CR & _ADSTART and self.CHSELR:
            self.CR |= _ADSTART
            self.left = self.CHSELR.bit_count()
            self.converted.start(self.now_ns + _CONVERSION_NS)
        self._update_interrupt()

    def _on_converted(self, due_ns: int) -> None:
        self.left -= 1
        if self.ISR & _EOC:
            self.ISR |= _OVR
        self.ISR |= _EOSMP | _EOC | (0 if self.left else _EOS)
        if not self.left and self.CFGR1 & _CONT:
            self.left = self.CHSELR.bit_count()
        if not self.left:
            self.CR &= ~_ADSTART
        elif self.CFGR1 & _WAIT:
            self.waits = True
        else:
            self.converted.start(due_ns + _CONVERSION_NS)
        if self.CFGR1 & _DMAEN:
            self.request.set(True)
            self.request.set(False)
        self._update_interrupt()

    def _take(self) -> int:
        self.ISR &= ~_EOC
        if self.waits:
            self.waits = False
            self.converted.start(self.now_ns + _CONVERSION_NS)
        self._update_interrupt()
        return 0

    def _update_interrupt(self) -> None:
        self.irq.set(bool(self.ISR & self.IER))
