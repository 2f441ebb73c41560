"""Random number generator of the STM32."""

from __future__ import annotations

from lab.engines.builtin import xorshift
from lab.engines.builtin.peripheral import Board, Peripheral, register

_RNGEN, _IE = 1 << 2, 1 << 3
_SEED = 0x2545_F491


class STM32_RNG(Peripheral):
    """RNG. RM0385 rev 8, chapter 20.4. As in Renode: a number is ready whenever the generator is on.

    The numbers are the same in every run, xorshift32 (Marsaglia, "Xorshift RNGs", 2003), and others than Renode's.
    """

    size = 0x400

    CR = register(0x00, write="_switch")
    SR = register(0x04, read="_ready", read_only=True, steady=True)
    DR = register(0x08, read="_next", read_only=True)

    def __init__(self, board: Board, *, series: str) -> None:
        super().__init__(board)
        self.series = series

    def reset(self) -> None:
        """Off, and at the first number."""
        super().reset()
        self.state = _SEED

    def _switch(self, value: int) -> None:
        self.CR = value & (_RNGEN | _IE)
        self.irq.set(self.CR == _RNGEN | _IE)

    def _ready(self) -> int:
        return int(bool(self.CR & _RNGEN))

    def _next(self) -> int:
        if not self.CR & _RNGEN:
            return 0
        self.state = xorshift.following(self.state)
        return self.state
