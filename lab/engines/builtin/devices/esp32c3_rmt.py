"""The remote control transceiver of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block, Interrupting
from lab.engines.builtin.peripheral import Board, register, register_bank

_SECOND_NS = 10**9
_SENDING, _BLOCKS, _BLOCK_WORDS = 2, 4, 48
_TX_START, _MEM_RD_RST, _TX_CONTI_MODE, _MEM_TX_WRAP_EN, _TX_STOP = 1 << 0, 1 << 1, 1 << 3, 1 << 4, 1 << 7
_AT_ONCE = _TX_START | _MEM_RD_RST | 1 << 2 | _TX_STOP | 1 << 23 | 1 << 24
_TX_END, _TX_ERR, _TX_THR = 1 << 0, 1 << 4, 1 << 8
_CLOCKS_HZ = {1: 80_000_000, 2: 17_500_000, 3: 40_000_000}
"""By SCLK_SEL: APB, the fast RC oscillator, the crystal."""
_SCLK_ACTIVE = 1 << 26


class ESP32C3_RMT(Interrupting, Block):
    """RMT. ESP32-C3 technical reference manual 1.1, chapter 33; registers: ESP-IDF, soc/rmt_reg.h.

    Pulses take their time, up to the end marker, TX_LIM words between two TX_THR where memory wraps around; what has
    no end marker ends in an error. Pins stay as they are. Nothing is received, carriers change nothing, what is sent
    continuously has no end, and memory is written at its own addresses alone (APB_FIFO_MASK).
    """

    RESETS: ClassVar[Mapping[int, int]] = {
        **dict.fromkeys((0x18, 0x20), 0x30FF_FF02), **dict.fromkeys((0x1C, 0x24), 0x1E8),
        **dict.fromkeys((0x48, 0x4C), 0x0040_0040), **dict.fromkeys((0x60, 0x64), 0x80), 0xCC: 0x0200_6231,
    }  # fmt: skip

    TX_CONF0 = register_bank(0x10, count=_SENDING, reset=0x0071_0200, bits=25, write="_control")
    INT_RAW = register(0x38, read_only=True)
    INT_ST = register(0x3C, read="_pending", read_only=True, steady=True)
    INT_ENA = register(0x40, bits=14, write="_enable_interrupts")
    INT_CLR = register(0x44, bits=14, write="_clear_interrupts")
    TX_LIM = register_bank(0x58, count=_SENDING, reset=0x80, bits=21)
    SYS_CONF = register(0x68, reset=0x0500_0010)
    MEMORY = register_bank(0x400, count=_BLOCKS * _BLOCK_WORDS)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.ends = [self.alarm(partial(self._on_end, number)) for number in range(_SENDING)]

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.position = [0] * _SENDING
        """The word of its memory that each channel sends next."""
        self.happens = [0] * _SENDING
        """What is told when the words under way are sent."""

    def _control(self, channel: int, value: int) -> None:
        self.TX_CONF0[channel] = value & ~_AT_ONCE
        if value & _TX_STOP:
            self.ends[channel].stop()
        if value & _MEM_RD_RST:
            self.position[channel] = 0
        if value & _TX_START and not value & _TX_CONTI_MODE:
            self._send(channel, self.now_ns)

    def _on_end(self, channel: int, due_ns: int) -> None:
        self.INT_RAW |= self.happens[channel] << channel
        self._update_interrupts()
        if self.happens[channel] == _TX_THR:
            self._send(channel, due_ns)

    def _send(self, channel: int, now_ns: int) -> None:
        """The words up to the next that something is told of."""
        frequency = self._frequency(channel)
        if not frequency:
            return
        wraps = bool(self.TX_CONF0[channel] & _MEM_TX_WRAP_EN)
        words = max(self.TX_CONF0[channel] >> 16 & 7, 1) * _BLOCK_WORDS
        most = self.TX_LIM[channel] & 0x1FF if wraps else words - self.position[channel]
        ticks, happens = 0, _TX_THR if wraps else _TX_ERR
        for _ in range(most):
            word = self.MEMORY[(channel * _BLOCK_WORDS + self.position[channel] % words) % len(self.MEMORY)]
            self.position[channel] += 1
            first, second = word & 0x7FFF, word >> 16 & 0x7FFF
            ticks += first + (second if first else 0)
            if not first or not second:
                happens = _TX_END
                break
        self.happens[channel] = happens
        self.ends[channel].start(now_ns - int(-ticks * _SECOND_NS // frequency))

    def _frequency(self, channel: int) -> Fraction:
        """Of the channel's ticks; 0 without a clock."""
        settings = self.SYS_CONF
        clock_hz = _CLOCKS_HZ.get(settings >> 24 & 3, 0) if settings & _SCLK_ACTIVE else 0
        a, b = settings >> 12 & 0x3F, settings >> 18 & 0x3F
        divider = (settings >> 4 & 0xFF) + 1 + (Fraction(b, a) if a else 0)
        return Fraction(clock_hz) / divider / ((self.TX_CONF0[channel] >> 8 & 0xFF) or 256)
