"""Serial port of the STM32F7."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register
from lab.errors import DeviceFault

_UE, _RE, _TE, _IDLEIE, _RXNEIE, _TCIE, _TXEIE = 1 << 0, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7
_IDLE, _RXNE, _TC, _TXE, _TEACK, _REACK = 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 21, 1 << 22
_RXFRQ = 1 << 3
_DMAR = 1 << 6
_RESERVED_STATUS = 1 << 29
"""Reads as 1 in Renode."""


class STM32F7_USART(Peripheral):
    """USART. RM0385 rev 8, chapter 31.8.

    As in Renode: a byte takes no virtual time, TXE is always set, TC is set from reset on and cleared by ICR; what is
    received while UE and RE are set waits in a queue without an end, so that there is no overrun, and is dropped
    otherwise. The line is idle at once behind bytes that came together, and DMA takes them at once. Stricter than
    Renode, as silicon is: sending while UE or TE is 0 is a DeviceFault.
    """

    size = 0x400

    CR1 = register(0x00, write="_write_control")
    CR2 = register(0x04)
    CR3 = register(0x08, write="_write_dma")
    BRR = register(0x0C, bits=16)
    GTPR = register(0x10, bits=16)
    RTOR = register(0x14)
    RQR = register(0x18, write="_request")
    ISR = register(0x1C, read="_read_status", read_only=True, steady=True)
    ICR = register(0x20, write="_clear")
    RDR = register(0x24, bits=8, read="_take", read_only=True)
    TDR = register(0x28, bits=8, write="_send")

    def __init__(self, board: Board, *, frequency: int, low_power_mode: bool = False) -> None:  # noqa: ARG002 - of BRR
        super().__init__(board)
        self.frequency = frequency
        self.request = self.line("ReceiveDmaRequest")

    def reset(self) -> None:
        """Back to the state after power-on: off, with nothing to send and nothing received."""
        super().reset()
        self.complete = True
        self.waiting = bytearray()
        self.idle = False

    @property
    def listens(self) -> bool:
        """It is on, and its receiver is."""
        return self.CR1 & (_UE | _RE) == _UE | _RE

    def accept(self, data: bytes) -> None:
        """Bytes arrive at RX."""
        if self.listens:
            self.waiting += data
            self.idle = True
            self._ask_dma()
            self._update_interrupt()

    def _take(self) -> int:
        taken = self.waiting.pop(0) if self.waiting else 0
        self._update_interrupt()
        return taken

    def _write_control(self, value: int) -> None:
        self.CR1 = value
        if not value & _TE:
            self.complete = True
        self._update_interrupt()

    def _write_dma(self, value: int) -> None:
        self.CR3 = value
        self._ask_dma()

    def _ask_dma(self) -> None:
        """As long as somebody takes bytes: a stream that is off, or has enough, does not."""
        before = -1
        while self.CR3 & _DMAR and 0 < len(self.waiting) != before:
            before = len(self.waiting)
            self.request.set(True)
            self.request.set(False)

    def _request(self, value: int) -> None:
        """RQR: RXFRQ drops what was received; there is no break to send."""
        if value & _RXFRQ:
            self.waiting.clear()
            self._update_interrupt()

    def _read_status(self) -> int:
        return (
            _RESERVED_STATUS
            | _TXE
            | (_IDLE if self.idle else 0)
            | (_RXNE if self.waiting else 0)
            | (_TC if self.complete else 0)
            | (_TEACK if self.CR1 & _TE else 0)
            | (_REACK if self.CR1 & _RE else 0)
        )

    def _clear(self, value: int) -> None:
        if value & _TC:
            self.complete = False
        if value & _IDLE:
            self.idle = False
        self._update_interrupt()

    def _send(self, value: int) -> None:
        self.TDR = value
        if self.CR1 & (_UE | _TE) != _UE | _TE:
            raise DeviceFault(
                f"{self.name}: a byte was sent while CR1 is {self.CR1:#x}, the transmitter off.",
                remedy="Set UE and TE in CR1 first; the real USART would stay silent.",
                code="device-misused",
            )
        self.output(bytes([value]))
        self.complete = True
        self._update_interrupt()

    def _update_interrupt(self) -> None:
        sent = self.CR1 & _TXEIE or (self.CR1 & _TCIE and self.complete)
        received = (self.CR1 & _RXNEIE and self.waiting) or (self.CR1 & _IDLEIE and self.idle)
        self.irq.set(bool(sent or received))
