"""The interrupt matrix and controller of the ESP32-C3."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_SOURCES, _INTERRUPTS = 62, 32
_STATUS_BITS = 32


class ESP32C3_INTC(Peripheral):
    """Interrupt matrix. ESP32-C3 technical reference manual 1.1, chapter 8; the core's side is chapter 1.6.

    Input n is the peripheral interrupt source n. Of the core's interrupts that are pending, enabled and of a priority
    of at least the threshold the one with the highest priority is granted, of equal ones the lowest number. Nothing
    takes time. Interrupt 0 is none.
    """

    MAP = register_bank(0x00, count=_SOURCES, bits=5, write="_map")
    INTR_STATUS = register_bank(0xF8, count=2, read="_read_status", read_only=True, steady=True)
    CLOCK_GATE = register(0x100, reset=1)
    CPU_INT_ENABLE = register(0x104, write="_enable")
    CPU_INT_TYPE = register(0x108, write="_set_type")
    CPU_INT_CLEAR = register(0x10C, write="_clear")
    CPU_INT_EIP_STATUS = register(0x110, read="_pending", read_only=True, steady=True)
    CPU_INT_PRI = register_bank(0x114, count=_INTERRUPTS, bits=4, write="_set_priority")
    CPU_INT_THRESH = register(0x194, bits=4, write="_set_threshold")
    DATE = register(0x7FC, reset=0x0200_7210)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._fixed |= {"core"}
        self.core = board.core

    def reset(self) -> None:
        """Nothing is mapped, enabled or pending."""
        super().reset()
        self.sources = 0
        """Levels of the inputs, a bit each."""
        self.mapped = [0] * _SOURCES
        """MAP, close at hand: a bit for each source, of the interrupt that it leads to; none for interrupt 0."""
        self.latched = 0
        """Interrupts that are pending by an edge."""
        self._grant()

    def on_input(self, number: int, level: bool) -> None:
        """A peripheral drives its interrupt."""
        before = self._levels()
        self.sources = self.sources | 1 << number if level else self.sources & ~(1 << number)
        self._take_edges(before)

    def _take_edges(self, before: int) -> None:
        self.latched |= self._levels() & ~before & self.CPU_INT_TYPE
        self._grant()

    def _levels(self) -> int:
        """Interrupts with a source that is high."""
        levels, sources = 0, self.sources
        while sources:
            lowest = sources & -sources
            sources -= lowest
            levels |= self.mapped[lowest.bit_length() - 1]
        return levels

    def _map(self, source: int, interrupt: int) -> None:
        before = self._levels()
        self.MAP[source] = interrupt
        self.mapped[source] = 1 << interrupt & ~1
        self._take_edges(before)

    def _read_status(self, index: int) -> int:
        return self.sources >> _STATUS_BITS * index

    def _enable(self, value: int) -> None:
        self.CPU_INT_ENABLE = value
        self._grant()

    def _set_type(self, value: int) -> None:
        self.CPU_INT_TYPE = value
        self.latched &= value
        self._grant()

    def _clear(self, value: int) -> None:
        self.CPU_INT_CLEAR = value
        self.latched &= ~value
        self._grant()

    def _set_priority(self, number: int, value: int) -> None:
        self.CPU_INT_PRI[number] = value
        self._grant()

    def _set_threshold(self, value: int) -> None:
        self.CPU_INT_THRESH = value
        self._grant()

    def _pending(self) -> int:
        return self._levels() & ~self.CPU_INT_TYPE | self.latched

    def _grant(self) -> None:
        """Let the core know; a threshold is written at every critical section, most often with nothing pending."""
        granted = self._winner() if self.sources or self.latched else 0
        if granted != self.core.riscv.granted:
            self.core.riscv.granted = granted
            self.core.limit = 0

    def _winner(self) -> int:
        waiting = self._pending() & self.CPU_INT_ENABLE
        least, granted = max(self.CPU_INT_THRESH, 1), 0
        while waiting:
            lowest = waiting & -waiting
            waiting -= lowest
            priority = self.CPU_INT_PRI[lowest.bit_length() - 1]
            if priority >= least:
                least, granted = priority + 1, lowest
        return granted
