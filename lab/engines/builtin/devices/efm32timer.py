"""Timer of the EFM32."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register

_START, _STOP = 1 << 0, 1 << 1
_OVERFLOW, _UNDERFLOW = 1 << 0, 1 << 1
_DOWN, _ONE_SHOT = 1, 1 << 4
_CLOCK = 48_000_000
_SECOND_NS = 10**9


class Efm32Timer(Peripheral):
    """TIMER. EFM32GG reference manual, chapter 20.5: counting up or down, at 48 MHz as in Renode.

    Unlike in Renode, where it counts to 0x100000, never stops and has one event, there are TOP, STOP and both events.
    No capture and compare, no counting up and down, no decoder.
    """

    size = 0x400

    CTRL = register(0x00, write="_configure")
    CMD = register(0x04, write="_command", write_only=True)
    STATUS = register(0x08, read="_running", read_only=True)
    IEN = register(0x0C, write="_enable")
    IF = register(0x10, read_only=True)
    IFS = register(0x14, write="_set_flags", write_only=True)
    IFC = register(0x18, write="_clear_flags", write_only=True)
    TOP = register(0x1C, bits=16, reset=0xFFFF, write="_set_top")
    TOPB = register(0x20, bits=16)
    CNT = register(0x24, bits=16, read="_count", write="_set_count")
    ROUTE = register(0x28)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.end = self.alarm(self._on_end)

    def reset(self) -> None:
        """Stopped at 0."""
        super().reset()
        self.counted = 0
        self.since_ns: int | None = None

    @property
    def _tick(self) -> int:
        """Ticks of the clock that a count takes."""
        return 1 << (self.CTRL >> 24 & 0xF)

    @property
    def _down(self) -> bool:
        return self.CTRL & 3 == _DOWN

    def _running(self) -> int:
        return int(self.since_ns is not None)

    def _count(self) -> int:
        if self.since_ns is None:
            return self.counted
        passed = (self.now_ns - self.since_ns) * _CLOCK // (_SECOND_NS * self._tick)
        return max(0, self.counted - passed) if self._down else min(self.TOP, self.counted + passed)

    def _go_on(self, counted: int, *, running: bool) -> None:
        self.counted = counted
        self.since_ns = self.now_ns if running else None
        if running:
            self._await_end(self.now_ns)
        else:
            self.end.stop()

    def _await_end(self, now_ns: int) -> None:
        left = (self.counted if self._down else max(0, self.TOP - self.counted)) + 1
        self.end.start(now_ns - -left * self._tick * _SECOND_NS // _CLOCK)

    def _on_end(self, due_ns: int) -> None:
        self.IF |= _UNDERFLOW if self._down else _OVERFLOW
        self.counted = self.TOP if self._down else 0
        if self.CTRL & _ONE_SHOT:
            self.since_ns = None
        else:
            self.since_ns = due_ns
            self._await_end(due_ns)
        self._update_interrupt()

    def _configure(self, value: int) -> None:
        counted = self._count()
        self.CTRL = value
        self._go_on(counted, running=self.since_ns is not None)

    def _command(self, value: int) -> None:
        if value & (_START | _STOP):
            self._go_on(self._count(), running=not value & _STOP)

    def _set_top(self, value: int) -> None:
        counted = self._count()
        self.TOP = value
        self._go_on(counted, running=self.since_ns is not None)

    def _set_count(self, value: int) -> None:
        self._go_on(value, running=self.since_ns is not None)

    def _enable(self, value: int) -> None:
        self.IEN = value
        self._update_interrupt()

    def _set_flags(self, value: int) -> None:
        self.IF |= value
        self._update_interrupt()

    def _clear_flags(self, value: int) -> None:
        self.IF &= ~value
        self._update_interrupt()

    def _update_interrupt(self) -> None:
        self.irq.set(bool(self.IF & self.IEN))
