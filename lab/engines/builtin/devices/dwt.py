"""The cycle counter of a Cortex-M's data watchpoint and trace unit."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register

_SECOND_NS = 10**9
_CYCCNTENA = 1


class DWT(Peripheral):
    """Arm DDI 0403E, C1.8; of all its registers the cycle counter's.

    As in Renode it counts virtual time at `frequency`, which is instructions scaled by the platform's MIPS, not the
    core's true cycles.
    """

    DWT_CTRL = register(0x000, reset=0x4000_0000, write="_write_control")
    DWT_CYCCNT = register(0x004, read="_count", write="_set_count")

    def __init__(self, board: Board, *, frequency: int) -> None:
        super().__init__(board)
        self.frequency = frequency

    def reset(self) -> None:
        """Stopped at zero."""
        super().reset()
        self._counted = 0
        self._since_ns: int | None = None

    def _count(self) -> int:
        if self._since_ns is None:
            return self._counted
        return self._counted + (self.now_ns - self._since_ns) * self.frequency // _SECOND_NS

    def _set_count(self, value: int) -> None:
        self._counted = value
        if self._since_ns is not None:
            self._since_ns = self.now_ns

    def _write_control(self, value: int) -> None:
        self._counted = self._count() & 0xFFFF_FFFF
        self._since_ns = self.now_ns if value & _CYCCNTENA else None
        self.DWT_CTRL = 0x4000_0000 | value & _CYCCNTENA
