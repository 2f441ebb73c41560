"""The random number generator."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral, event
from lab.engines.builtin.peripheral import register

_SEED = 0x2545_F491
_VALRDY_STOP = 1


class NRF52840_RNG(NordicPeripheral):
    """RNG. nRF52840 product specification 1.7, chapter 6.19.

    As in Renode a number is there as soon as the one before was taken (silicon: 30 us, or 120 us without bias), and the
    numbers repeat from reset to reset; they are others than Renode's. Unlike Renode's, VALRDY stays after the shortcut
    to STOP. The numbers are Marsaglia's xorshift32 (Journal of Statistical Software 8 (14), 2003).
    """

    TASKS_START = register(0x000, write="start")
    TASKS_STOP = register(0x004, write="stop")
    EVENTS_VALRDY = event(0x100)
    SHORTS = register(0x200, bits=1)
    CONFIG = register(0x504, bits=1)
    VALUE = register(0x508, bits=8, read_only=True)

    def reset(self) -> None:
        """Back to the state after power-on, and to the first number."""
        super().reset()
        self.state = _SEED
        self.running = False

    def write(self, offset: int, size: int, value: int) -> None:
        """A register write; clearing the event lets the next number come."""
        super().write(offset, size, value)
        if self.running and not self.EVENTS_VALRDY:
            self._draw()
            self.update_interrupt()

    def start(self, value: int) -> None:
        """TASKS_START."""
        if value & 1:
            self.running = True

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1:
            self.running = False

    def _draw(self) -> None:
        state = self.state
        state ^= state << 13 & 0xFFFF_FFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFF_FFFF
        self.state = state
        self.VALUE = state >> 24
        self.EVENTS_VALRDY = 1
        if self.SHORTS & _VALRDY_STOP:
            self.running = False
