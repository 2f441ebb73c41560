"""The low-power timer of the STM32."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register

_ENABLE, _SINGLE, _CONTINUOUS = 1, 2, 4
_COMPARED, _RELOADED, _CMP_WRITTEN, _ARR_WRITTEN = 1 << 0, 1 << 1, 1 << 3, 1 << 4
_SECOND_NS = 10**9


class STM32L0_LpTimer(Peripheral):
    """LPTIM. RM0385 rev 8, chapter 26.6: counting up by its clock, one round or for ever; `frequency` is that clock's.

    Writes act at once. No external trigger, no encoder, no output, as in Renode. A round takes ARR + 1 ticks, as on
    silicon; in Renode it takes ARR.
    """

    size = 0x400

    ISR = register(0x00, read_only=True)
    ICR = register(0x04, write="_clear")
    IER = register(0x08, bits=7, write="_enable_interrupts")
    CFGR = register(0x0C)
    CR = register(0x10, bits=3, write="_control")
    CMP = register(0x14, bits=16, write="_compare_with")
    ARR = register(0x18, reset=1, bits=16, write="_reload_at")
    CNT = register(0x1C, read="_count", read_only=True)

    def __init__(self, board: Board, *, frequency: int) -> None:
        super().__init__(board)
        self.frequency = frequency
        self.compared = self.alarm(self._on_compare)
        self.reloaded = self.alarm(self._on_reload)

    def reset(self) -> None:
        """Off, at 0."""
        super().reset()
        self.began_ns: int | None = None

    def _ns(self, ticks: int) -> int:
        return -(-(ticks << (self.CFGR >> 9 & 7)) * _SECOND_NS // self.frequency)

    def _count(self) -> int:
        if self.began_ns is None:
            return 0
        ticks = (self.now_ns - self.began_ns) * self.frequency // _SECOND_NS >> (self.CFGR >> 9 & 7)
        return ticks % (self.ARR + 1)

    def _control(self, value: int) -> None:
        if not value & _ENABLE:
            self.CR = 0
            self.began_ns = None
            self.compared.stop()
            self.reloaded.stop()
            return
        self.CR = value & _ENABLE
        if value & (_SINGLE | _CONTINUOUS) and self.began_ns is None:
            self.single = not value & _CONTINUOUS
            self.began_ns = self.now_ns
            self._await()

    def _await(self) -> None:
        """The next match and the next end of a round."""
        if self.began_ns is None:
            return
        count = self._count()
        self.reloaded.start(self.now_ns + self._ns(self.ARR + 1 - count))
        ahead = (self.CMP - count) % (self.ARR + 1)
        if self.CMP <= self.ARR:
            self.compared.start(self.now_ns + self._ns(ahead or self.ARR + 1))
        else:
            self.compared.stop()

    def _compare_with(self, value: int) -> None:
        self.CMP = value
        self._tell(_CMP_WRITTEN)
        self._await()

    def _reload_at(self, value: int) -> None:
        self.ARR = value
        self._tell(_ARR_WRITTEN)
        self._await()

    def _on_compare(self, due_ns: int) -> None:
        self._tell(_COMPARED)
        if not self.single:
            self.compared.start(due_ns + self._ns(self.ARR + 1))

    def _on_reload(self, due_ns: int) -> None:
        self._tell(_RELOADED)
        if self.single:
            self.began_ns = None
            self.compared.stop()
        else:
            self.reloaded.start(due_ns + self._ns(self.ARR + 1))

    def _tell(self, flag: int) -> None:
        self.ISR |= flag
        self._update_interrupt()

    def _clear(self, value: int) -> None:
        self.ISR &= ~value
        self._update_interrupt()

    def _enable_interrupts(self, value: int) -> None:
        self.IER = value
        self._update_interrupt()

    def _update_interrupt(self) -> None:
        self.irq.set(bool(self.ISR & self.IER))
