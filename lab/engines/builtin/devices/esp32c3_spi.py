"""The general-purpose SPI controller of the ESP32-C3, as master."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.devices.esp32c3_gdma import ESP32C3_GDMA
from lab.engines.builtin.devices.espressif import Block, Interrupting
from lab.engines.builtin.devices.spi_bus import SPIBus
from lab.engines.builtin.peripheral import Board, register, register_bank

_DMA = 0
"""The controller's number as a peripheral of GDMA."""
_USR, _UPDATE = 1 << 24, 1 << 23
_USR_COMMAND, _USR_ADDR, _USR_MISO, _USR_MOSI, _DOUTDIN = 1 << 31, 1 << 30, 1 << 28, 1 << 27, 1 << 0
_DMA_TX_ENA, _DMA_RX_ENA = 1 << 28, 1 << 27
_AT_ONCE = 7 << 29
"""Bits of DMA_CONF that empty FIFOs."""
_TRANS_DONE = 1 << 12
_WORDS = 16


class ESP32C3_SPI(Interrupting, SPIBus, Block):
    """SPI2. ESP32-C3 technical reference manual 1.1, chapter 27; registers: ESP-IDF, soc/spi_reg.h.

    A transfer takes no time: command and address in whole bytes, then what W0 to W15 hold, or GDMA brings, and what
    comes back. Dummy cycles, bit order and the number of data lines change nothing; chip selects lead nowhere. No slave
    mode, no segments that configure the next one.
    """

    RESETS: ClassVar[Mapping[int, int]] = {
        0x08: 0x003C_0000, 0x0C: 0x8000_3043, 0x10: 0x8000_00C0, 0x14: 0xB841_0007, 0x18: 0x7800_0000, 0x20: 0x3E,
        0xE0: 0x0280_0000, 0xF0: 0x0200_7220,
    }  # fmt: skip

    CMD = register(0x00, bits=25, write="_command")
    ADDR = register(0x04)
    USER = register(0x10)
    USER1 = register(0x14)
    USER2 = register(0x18)
    MS_DLEN = register(0x1C, bits=18)
    DMA_CONF = register(0x30, write="_configure_dma")
    INT_ENA = register(0x34, bits=21, write="_enable_interrupts")
    INT_CLR = register(0x38, bits=21, write="_clear_interrupts")
    INT_RAW = register(0x3C, bits=21)
    INT_ST = register(0x40, read="_pending", read_only=True, steady=True)
    W = register_bank(0x98, count=_WORDS)

    def __init__(self, board: Board, *, gdma: ESP32C3_GDMA) -> None:
        super().__init__(board)
        self._fixed |= {"gdma"}
        self.gdma = gdma

    def _configure_dma(self, value: int) -> None:
        self.DMA_CONF = value & ~_AT_ONCE

    def _command(self, value: int) -> None:
        self.CMD = value & ~(_USR | _UPDATE)
        if value & _USR:
            self._transfer(self.MS_DLEN // 8 + 1)
            self.INT_RAW |= _TRANS_DONE
            self._update_interrupts()

    def _transfer(self, size: int) -> None:
        if self.USER & _USR_COMMAND:
            self.exchange((self.USER2 & 0xFFFF).to_bytes(2, "little")[: ((self.USER2 >> 28) + 8) // 8])
        if self.USER & _USR_ADDR:
            self.exchange(self.ADDR.to_bytes(4, "big")[: ((self.USER1 >> 27) + 8) // 8])
        received = b""
        if self.USER & _USR_MOSI:
            received = self.exchange(self._sent(size))
        if not self.USER & _USR_MISO:
            return
        if not (self.USER & _USR_MOSI and self.USER & _DOUTDIN):
            received = self.exchange(bytes(size))
        if self.DMA_CONF & _DMA_RX_ENA:
            self.gdma.give(_DMA, received)
        else:
            kept = received + self._words()[len(received) :]
            for index in range(_WORDS):
                self.W[index] = int.from_bytes(kept[4 * index : 4 * index + 4], "little")

    def _sent(self, size: int) -> bytes:
        """From memory or W0 to W15, and zeros behind it."""
        data = self.gdma.take(_DMA, size) if self.DMA_CONF & _DMA_TX_ENA else self._words()
        return data[:size].ljust(size, b"\0")

    def _words(self) -> bytes:
        return b"".join(self.W[index].to_bytes(4, "little") for index in range(_WORDS))
