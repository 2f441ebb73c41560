"""The random number generator."""

from __future__ import annotations

from lab.engines.builtin import xorshift
from lab.engines.builtin.devices.nordic import NordicPeripheral, event
from lab.engines.builtin.peripheral import Board, register

_SEED = 0x2545_F491
_VALRDY_STOP = 1
_DERCEN = 1
_NUMBER_NS, _CORRECTED_NS = 30_000, 120_000


class NRF52840_RNG(NordicPeripheral):
    """RNG. nRF52840 product specification 1.7, chapter 6.19.

    Unlike Renode's, where a number is there as soon as the one before was taken, so that a handler of VALRDY never
    ends, numbers take their time: 30 us, or 120 us with correction of bias. They repeat from reset to reset, and are
    others than Renode's: Marsaglia's xorshift32 (Journal of Statistical Software 8 (14), 2003).
    """

    TASKS_START = register(0x000, write="start")
    TASKS_STOP = register(0x004, write="stop")
    EVENTS_VALRDY = event(0x100)
    SHORTS = register(0x200, bits=1)
    CONFIG = register(0x504, bits=1)
    VALUE = register(0x508, bits=8, read_only=True)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.ready = self.alarm(self.on_ready)

    def reset(self) -> None:
        """Back to the state after power-on, and to the first number."""
        super().reset()
        self.state = _SEED

    def start(self, value: int) -> None:
        """TASKS_START."""
        if value & 1:
            period_ns = _CORRECTED_NS if self.CONFIG & _DERCEN else _NUMBER_NS
            self.ready.start(self.now_ns + period_ns, period_ns)

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1:
            self.ready.stop()

    def on_ready(self, _due_ns: int) -> None:
        """A number is there, whether the one before was taken or not."""
        self.state = xorshift.following(self.state)
        self.VALUE = self.state >> 24
        self.EVENTS_VALRDY = 1
        if self.SHORTS & _VALRDY_STOP:
            self.ready.stop()
        self.update_interrupt()
