"""Serial port of the STM32F1, F2 and F4."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register
from lab.errors import DeviceFault

_RE, _TE, _IDLEIE, _RXNEIE, _TCIE, _TXEIE, _UE = 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 13
_IDLE, _RXNE, _TC, _TXE = 1 << 4, 1 << 5, 1 << 6, 1 << 7
_DMAR = 1 << 6


class STM32_UART(Peripheral):
    """USART. RM0090 rev 20, chapter 30.6.

    As in Renode: a byte sent takes no virtual time and TXE is always set; what is received while UE and RE are set
    waits in a queue without an end, so that there is no overrun, and is dropped otherwise; reading DR clears IDLE.
    Unlike there it arrives at once, with the line idle behind what came together. Stricter than Renode, as silicon is:
    sending while UE or TE is 0 is a DeviceFault.
    """

    size = 0x400

    SR = register(0x00, read="_read_status", write="_clear", steady=True)
    DR = register(0x04, bits=9, read="_take", write="_send")
    BRR = register(0x08, bits=16)
    CR1 = register(0x0C, bits=16, write="_write_control")
    CR2 = register(0x10, bits=16)
    CR3 = register(0x14, bits=16, write="_write_dma")
    GTPR = register(0x18, bits=16)

    def __init__(self, board: Board, *, frequency: int = 8_000_000) -> None:
        super().__init__(board)
        self.frequency = frequency
        self.request = self.line("DMARequest")

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
        self.idle = False
        self._update_interrupt()
        return taken

    def _send(self, value: int) -> None:
        if self.CR1 & (_UE | _TE) != _UE | _TE:
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
        """As long as somebody takes bytes: a stream that is off, or has enough, does not."""
        before = -1
        while self.CR3 & _DMAR and 0 < len(self.waiting) != before:
            before = len(self.waiting)
            self.request.set(True)
            self.request.set(False)

    def _read_status(self) -> int:
        return _TXE | (_IDLE if self.idle else 0) | (_RXNE if self.waiting else 0) | (_TC if self.complete else 0)

    def _clear(self, value: int) -> None:
        self.complete = self.complete and bool(value & _TC)
        self._update_interrupt()

    def _update_interrupt(self) -> None:
        sent = self.CR1 & _TXEIE or (self.CR1 & _TCIE and self.complete)
        received = (self.CR1 & _RXNEIE and self.waiting) or (self.CR1 & _IDLEIE and self.idle)
        self.irq.set(bool(sent or received))
