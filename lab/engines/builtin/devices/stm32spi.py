"""Serial peripheral interface of the STM32."""

from __future__ import annotations

from typing import Literal

from lab.engines.builtin.devices import dma_request
from lab.engines.builtin.devices.spi_bus import SPIBus
from lab.engines.builtin.peripheral import Board, register

_SPE = 1 << 6
_RXDMAEN, _RXNEIE, _TXEIE = 1 << 0, 1 << 6, 1 << 7
_RXNE, _TXE = 1 << 0, 1 << 1
_LONGEST_BYTE = 7
"""DS of a frame of 8 bits: longer ones are of 2 bytes."""
_MOST = 1 << 16


class STM32SPI(SPIBus):
    """SPI. RM0385 rev 8, chapter 32.9; of I2S nothing. A master; with nothing attached zeros are received.

    Bytes take no time, and RX FIFO is as long as it has to be: what DMA has sent before the receiver was on waits.
    """

    size = 0x400

    CR1 = register(0x00, bits=16)
    CR2 = register(0x04, reset=0x700, bits=15, write="_configure")
    SR = register(0x08, read="_status", read_only=True, steady=True)
    DR = register(0x0C)
    CRCPR = register(0x10, reset=7, bits=16)
    RXCRCR = register(0x14, read_only=True)
    TXCRCR = register(0x18, read_only=True)
    I2SCFGR = register(0x1C, bits=13)
    I2SPR = register(0x20, reset=2, bits=10)

    def __init__(self, board: Board, *, series: str = "", buffer_capacity: int = _MOST) -> None:  # noqa: ARG002 - Renode's
        super().__init__(board)
        self.request = self.line("DMAReceive")
        self.line("DMASend")  # never driven: what DMA has to send it sends at once

    def reset(self) -> None:
        """Nothing received."""
        super().reset()
        self.received = bytearray()

    def read(self, offset: int, size: int) -> int:
        """DR gives as many bytes as are read."""
        if offset != 0x0C:
            return super().read(offset, size)
        count = min(size, self._frame() if size > 1 else 1)
        taken = int.from_bytes(self.received[:count], self._order)
        del self.received[:count]
        self._update_interrupt()
        return taken

    def write(self, offset: int, size: int, value: int) -> None:
        """DR takes as many bytes as are written: two short frames in a halfword."""
        if offset != 0x0C:
            super().write(offset, size, value)
            return
        count = min(size, 2)
        self.received += self.exchange((value & (1 << 8 * count) - 1).to_bytes(count, self._order))
        del self.received[_MOST:]
        self._ask_dma()
        self._update_interrupt()

    def steady(self, offset: int) -> bool:
        """Reading DR takes what was received."""
        return offset & ~3 != 0x0C and super().steady(offset)

    @property
    def _is_long(self) -> bool:
        return (self.CR2 >> 8 & 0xF) > _LONGEST_BYTE

    @property
    def _order(self) -> Literal["big", "little"]:
        """Of the bytes of a halfword on the wires: a long frame begins with its highest bit, two short ones follow."""
        return "big" if self._is_long else "little"

    def _frame(self) -> int:
        return 1 if not self._is_long and self.CR2 >> 12 & 1 else 2

    def _configure(self, value: int) -> None:
        self.CR2 = value
        self._ask_dma()
        self._update_interrupt()

    def _ask_dma(self) -> None:
        if self.CR2 & _RXDMAEN:
            dma_request.ask(self.request, self.received)

    def _status(self) -> int:
        return _TXE | (_RXNE | min(len(self.received), 3) << 9 if self.received else 0)

    def _update_interrupt(self) -> None:
        waits = self.CR2 & _TXEIE and self.CR1 & _SPE
        self.irq.set(bool(waits or (self.CR2 & _RXNEIE and self.received)))
