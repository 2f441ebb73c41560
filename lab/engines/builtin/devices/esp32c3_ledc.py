"""The PWM controller for LEDs of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block, Interrupting
from lab.engines.builtin.peripheral import Board, register, register_bank

_SECOND_NS = 10**9
_CHANNELS, _TIMERS = 6, 4
_CHANNEL_UPDATE, _TIMER_UPDATE = 1 << 4, 1 << 25
_DUTY_START, _DUTY_INC = 1 << 31, 1 << 30
_DUTY_CHNG_END_CH0 = 1 << 4
_CLOCKS_HZ = {1: 80_000_000, 2: 17_500_000, 3: 40_000_000}
"""By APB_CLK_SEL: APB, the fast RC oscillator, the crystal."""


class ESP32C3_LEDC(Interrupting, Block):
    """LEDC. ESP32-C3 technical reference manual 1.1, chapter 32; registers: ESP-IDF, soc/ledc_reg.h.

    A duty cycle that fades takes its time, DUTY_NUM * DUTY_CYCLE periods of the channel's timer, and reaches its end at
    once. Pins stay as they are, timers' counters read 0, and no overflow is counted or told.
    """

    RESETS: ClassVar[Mapping[int, int]] = {0xFC: 0x1906_1700}

    CONF0 = register_bank(0x00, count=_CHANNELS, stride=0x14, bits=17, write="_configure_channel")
    DUTY = register_bank(0x08, count=_CHANNELS, stride=0x14, bits=19)
    CONF1 = register_bank(0x0C, count=_CHANNELS, stride=0x14, reset=_DUTY_INC, write="_fade")
    DUTY_R = register_bank(0x10, count=_CHANNELS, stride=0x14, read_only=True)
    TIMER_CONF = register_bank(0xA0, count=_TIMERS, stride=8, reset=1 << 23, bits=26, write="_configure_timer")
    TIMER_VALUE = register_bank(0xA4, count=_TIMERS, stride=8, read_only=True)
    INT_RAW = register(0xC0, read_only=True)
    INT_ST = register(0xC4, read="_pending", read_only=True, steady=True)
    INT_ENA = register(0xC8, bits=16, write="_enable_interrupts")
    INT_CLR = register(0xCC, bits=16, write="_clear_interrupts")
    CONF = register(0xD0)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.ends = [self.alarm(partial(self._end, number)) for number in range(_CHANNELS)]

    def _configure_channel(self, number: int, value: int) -> None:
        self.CONF0[number] = value & ~_CHANNEL_UPDATE

    def _configure_timer(self, number: int, value: int) -> None:
        self.TIMER_CONF[number] = value & ~_TIMER_UPDATE

    def _fade(self, number: int, value: int) -> None:
        self.CONF1[number] = value
        if not value & _DUTY_START:
            return
        change = (value & 0x3FF) * (value >> 20 & 0x3FF) << 4
        duty = self.DUTY[number] + (change if value & _DUTY_INC else -change)
        self.values[0x10 + 0x14 * number] = duty & 0x7FFFF
        periods = (value >> 10 & 0x3FF) * (value >> 20 & 0x3FF)
        if frequency := self._frequency(number):
            self.ends[number].start(self.now_ns - int(-periods * _SECOND_NS // frequency))

    def _end(self, number: int, _due_ns: int) -> None:
        self.CONF1[number] &= ~_DUTY_START
        self.INT_RAW |= _DUTY_CHNG_END_CH0 << number
        self._update_interrupts()

    def _frequency(self, number: int) -> Fraction:
        """Of the channel's timer; 0 where it stands."""
        timer = self.TIMER_CONF[self.CONF0[number] & 3]
        divider = timer >> 4 & 0x3FFFF  # in 256ths
        clock_hz = _CLOCKS_HZ.get(self.CONF & 3, 0)
        return Fraction(clock_hz * 256, divider << (timer & 0xF)) if divider else Fraction(0)
