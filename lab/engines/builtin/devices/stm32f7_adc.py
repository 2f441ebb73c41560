"""The analog-to-digital converters of the STM32F4 and F7."""

from __future__ import annotations

from functools import partial

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_ADCS, _STEP = 3, 0x100
_EOC, _STRT, _OVR = 1 << 1, 1 << 4, 1 << 5
_EOCIE, _SCAN, _OVRIE = 1 << 5, 1 << 8, 1 << 26
_ADON, _CONT, _DMA, _EOCS, _LEFT, _SWSTART = 1 << 0, 1 << 1, 1 << 8, 1 << 10, 1 << 11, 1 << 30
_SAMPLING = (3, 15, 28, 56, 84, 112, 144, 480)
_RESOLUTIONS = (12, 10, 8, 6)
_REFERENCE_V = 3.3
_INPUTS_V = {17: 1.21, 18: 0.76}
"""Of the internal reference, and of the thermometer at 25 degrees."""
_SECOND_NS = 10**9


class STM32F7_ADC(Peripheral):
    """ADC1 to ADC3 and what they share. RM0385 rev 8, chapter 15.13; not in Renode. `frequency` is that of PCLK2.

    Regular conversions by software, with their times: one, a sequence, over and over, with DMA. Output n asks DMA for
    ADC n + 1. Inputs are at 0 V, but for the internal ones. No injected channels, watchdog, triggers or dual mode.
    """

    size = 0x400

    SR = register_bank(0x00, count=_ADCS, stride=_STEP, write="_clear")
    CR1 = register_bank(0x04, count=_ADCS, stride=_STEP, write="_set_interrupts")
    CR2 = register_bank(0x08, count=_ADCS, stride=_STEP, write="_control")
    SMPR1 = register_bank(0x0C, count=_ADCS, stride=_STEP)
    SMPR2 = register_bank(0x10, count=_ADCS, stride=_STEP)
    HTR = register_bank(0x24, count=_ADCS, stride=_STEP, reset=0xFFF)
    LTR = register_bank(0x28, count=_ADCS, stride=_STEP)
    SQR1 = register_bank(0x2C, count=_ADCS, stride=_STEP)
    SQR2 = register_bank(0x30, count=_ADCS, stride=_STEP)
    SQR3 = register_bank(0x34, count=_ADCS, stride=_STEP)
    JSQR = register_bank(0x38, count=_ADCS, stride=_STEP)
    DR = register_bank(0x4C, count=_ADCS, stride=_STEP, read="_take", read_only=True)
    CSR = register(0x300, read="_all_states", read_only=True, steady=True)
    CCR = register(0x304)

    def __init__(self, board: Board, *, frequency: int) -> None:
        super().__init__(board)
        self.frequency = frequency
        self.requests = [self.line(str(number)) for number in range(_ADCS)]
        self.converted = [self.alarm(partial(self._on_converted, adc)) for adc in range(_ADCS)]
        self._fixed |= {"requests", "converted"}

    def reset(self) -> None:
        """Off."""
        super().reset()
        self.at = [0] * _ADCS  # in its sequence

    def _clear(self, adc: int, value: int) -> None:
        self.SR[adc] &= value
        self._update_interrupt()

    def _set_interrupts(self, adc: int, value: int) -> None:
        self.CR1[adc] = value
        self._update_interrupt()

    def _control(self, adc: int, value: int) -> None:
        self.CR2[adc] = value & ~_SWSTART
        if not value & _ADON:
            self.converted[adc].stop()
        elif value & _SWSTART:
            self.SR[adc] |= _STRT
            self.at[adc] = 0
            self.converted[adc].start(self.now_ns + self._time_ns(adc))

    def _channel(self, adc: int) -> int:
        """The one that is converted now."""
        place = self.at[adc]
        bank, first = ((self.SQR3, 0), (self.SQR2, 6), (self.SQR1, 12))[place // 6]
        return bank[adc] >> 5 * (place - first) & 0x1F

    def _resolution(self, adc: int) -> int:
        return _RESOLUTIONS[self.CR1[adc] >> 24 & 3]

    def _time_ns(self, adc: int) -> int:
        channel = self._channel(adc)
        field = self.SMPR2[adc] >> 3 * channel if channel < 10 else self.SMPR1[adc] >> 3 * (channel - 10)
        cycles = (_SAMPLING[field & 7] + self._resolution(adc)) * 2 * (1 + (self.CCR >> 16 & 3))
        return -(-cycles * _SECOND_NS // self.frequency)

    def _on_converted(self, adc: int, due_ns: int) -> None:
        steps = 1 << self._resolution(adc)
        value = min(round(_INPUTS_V.get(self._channel(adc), 0.0) / _REFERENCE_V * steps), steps - 1)
        if self.CR2[adc] & _LEFT:
            value <<= 16 - self._resolution(adc)
        last = self.at[adc] >= (self.SQR1[adc] >> 20 & 0xF if self.CR1[adc] & _SCAN else 0)
        by_dma, each = self.CR2[adc] & _DMA, self.CR2[adc] & _EOCS
        if self.SR[adc] & _EOC and (by_dma or each):
            self.SR[adc] |= _OVR
        self.DR[adc] = value
        if last or each or by_dma:
            self.SR[adc] |= _EOC
        if by_dma:
            self.requests[adc].set(True)
            self.requests[adc].set(False)
        self.at[adc] = 0 if last else self.at[adc] + 1
        if not last or self.CR2[adc] & _CONT:
            self.converted[adc].start(due_ns + self._time_ns(adc))
        self._update_interrupt()

    def _take(self, adc: int) -> int:
        self.SR[adc] &= ~_EOC
        self._update_interrupt()
        return self.DR[adc]

    def _all_states(self) -> int:
        return sum((self.SR[adc] & 0x3F) << 8 * adc for adc in range(_ADCS))

    def _update_interrupt(self) -> None:
        def asks(adc: int) -> int:
            flags, enabled = self.SR[adc], self.CR1[adc]
            return (flags & _EOC and enabled & _EOCIE) or (flags & _OVR and enabled & _OVRIE)

        self.irq.set(any(asks(adc) for adc in range(_ADCS)))
