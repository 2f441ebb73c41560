"""DMA controller of the STM32F0, F1, L0 and G0."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank
from lab.errors import ConfigurationError

_MOST, _STEP = 7, 0x14
_EN, _TCIE, _HTIE, _FROM_MEMORY, _CIRC, _PINC, _MINC, _MEM2MEM = (
    1 << 0,
    1 << 1,
    1 << 2,
    1 << 4,
    1 << 5,
    1 << 6,
    1 << 7,
    1 << 14,
)
_GIF, _TCIF, _HTIF = 1 << 0, 1 << 1, 1 << 2
_ALL = 0xF


class STM32G0DMA(Peripheral):
    """DMA. RM0091 rev 10, chapter 10.6. Input n is a request for channel n, from 1 on; output n is that of n + 1.

    As in Renode a transfer from memory is done at once when EN is written, one from a peripheral goes on at each
    request, whichever of its sources it is from. Unlike there EN reads as written, a request that a channel from memory
    has is for nothing, and half a transfer is told once.
    """

    size = 0x400

    ISR = register(0x00, read_only=True)
    IFCR = register(0x04, write="_clear", write_only=True)
    CCR = register_bank(0x08, count=_MOST, stride=_STEP, bits=15, write="_configure")
    CNDTR = register_bank(0x0C, count=_MOST, stride=_STEP, bits=16, write="_set_count")
    CPAR = register_bank(0x10, count=_MOST, stride=_STEP)
    CMAR = register_bank(0x14, count=_MOST, stride=_STEP)
    CSELR = register(0xA8)

    def __init__(self, board: Board, *, number_of_channels: int) -> None:
        super().__init__(board)
        if not 0 < number_of_channels <= _MOST:
            raise ConfigurationError(
                f"{self.name}: numberOfChannels is {number_of_channels}, not 1 to {_MOST}.",
                remedy="Correct it in the platform description.",
                code="platform-description",
            )
        self.channels = [self.line(str(number)) for number in range(number_of_channels)]
        self._fixed |= {"channels"}

    def reset(self) -> None:
        """Every channel off."""
        super().reset()
        self.items = [0] * _MOST  # of a round

    def on_input(self, number: int, level: bool) -> None:
        """A peripheral asks a channel for a transfer."""
        if not 1 <= number <= len(self.channels):
            super().on_input(number, level)
        channel = number - 1
        if level and self.CCR[channel] & (_EN | _FROM_MEMORY | _MEM2MEM) == _EN:
            self._move(channel, 1)

    def _clear(self, value: int) -> None:
        for channel in range(len(self.channels)):
            flags = value >> 4 * channel & _ALL
            self.ISR &= ~((_ALL if flags & _GIF else flags | _GIF if flags else 0) << 4 * channel)
        self._update_interrupts()

    def _set_count(self, channel: int, value: int) -> None:
        """Only a channel that is off takes it."""
        if not self.CCR[channel] & _EN:
            self.CNDTR[channel] = self.items[channel] = value

    def _configure(self, channel: int, value: int) -> None:
        begins = bool(value & _EN) and not self.CCR[channel] & _EN
        self.CCR[channel] = value
        if begins and value & (_FROM_MEMORY | _MEM2MEM):
            self._move(channel, self.CNDTR[channel])
        self._update_interrupts()

    def _move(self, channel: int, items: int) -> None:
        control, left = self.CCR[channel], self.CNDTR[channel]
        if channel >= len(self.channels) or not items or not left:
            return
        done = self.items[channel] - left
        there, here = 1 << (control >> 8 & 3) % 3, 1 << (control >> 10 & 3) % 3
        for item in range(done, done + items):
            peripheral = self.CPAR[channel] + (item * there if control & _PINC else 0)
            memory = self.CMAR[channel] + (item * here if control & _MINC else 0)
            if control & _FROM_MEMORY:
                self.bus.write(peripheral, self.bus.read(memory, here)[:there].ljust(there, b"\0"))
            else:
                self.bus.write(memory, self.bus.read(peripheral, there)[:here].ljust(here, b"\0"))
        self.CNDTR[channel] = left - items
        half = self.items[channel] // 2
        flags = (_HTIF if left > half >= left - items else 0) | (_TCIF if left == items else 0)
        if flags:
            self.ISR |= (flags | _GIF) << 4 * channel
        if left == items and control & _CIRC and not control & _MEM2MEM:
            self.CNDTR[channel] = self.items[channel]
        self._update_interrupts()

    def _update_interrupts(self) -> None:
        for channel, line in enumerate(self.channels):
            flags, control = self.ISR >> 4 * channel, self.CCR[channel]
            line.set(bool((flags & _TCIF and control & _TCIE) or (flags & _HTIF and control & _HTIE)))
