"""What the serial ports of the STM32 have in common: all but where their registers are, and how flags are cleared."""

from __future__ import annotations

from typing import ClassVar

from lab.engines.builtin.devices import dma_request
from lab.engines.builtin.peripheral import Line, Peripheral, Register
from lab.errors import DeviceFault

RE, TE, IDLEIE, RXNEIE, TCIE, TXEIE = 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7
"""Of CR1."""
IDLE, RXNE, TC, TXE = 1 << 4, 1 << 5, 1 << 6, 1 << 7
"""Of the status."""
_DMAR = 1 << 6


class STM32SerialPort(Peripheral):
    """Base of USARTs: a byte sent takes no virtual time, and what is received while UE and RE are set waits in a queue
    without an end, or is dropped.
    """

    size = 0x400

    UE: ClassVar[int]
    """The bit of CR1 that switches it on."""
    CR1: Register
    CR3: Register
    request: Line
    """To DMA, for a byte that was received."""

    def reset(self) -> None:
        """Back to the state after power-on: off, with nothing to send and nothing received."""
        super().reset()
        self.complete = True
        self.waiting = bytearray()
        self.idle = False

    @property
    def listens(self) -> bool:
        """It is on, and its receiver is."""
        return self.CR1 & (self.UE | RE) == self.UE | RE

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

    def _send(self, value: int) -> None:
        if self.CR1 & (self.UE | TE) != self.UE | TE:
            raise DeviceFault(
                f"{self.name}: a byte was sent while CR1 is {self.CR1:#x}, the transmitter off.",
                remedy="Set UE and TE in CR1 first; the real USART would stay silent.",
                code="device-misused",
            )
        self.output(bytes([value & 0xFF]))
        self.complete = True
        self._update_interrupt()

    def _write_control(self, value: int) -> None:
        self.CR1 = value
        self._update_interrupt()

    def _write_dma(self, value: int) -> None:
        self.CR3 = value
        self._ask_dma()

    def _ask_dma(self) -> None:
        if self.CR3 & _DMAR:
            dma_request.ask(self.request, self.waiting)

    def _flags(self) -> int:
        """Of the status, what both kinds have."""
        return TXE | (IDLE if self.idle else 0) | (RXNE if self.waiting else 0) | (TC if self.complete else 0)

    def _update_interrupt(self) -> None:
        sent = self.CR1 & TXEIE or (self.CR1 & TCIE and self.complete)
        received = (self.CR1 & RXNEIE and self.waiting) or (self.CR1 & IDLEIE and self.idle)
        self.irq.set(bool(sent or received))
