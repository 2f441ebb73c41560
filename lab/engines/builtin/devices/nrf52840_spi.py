"""The SPI master."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import SerialPeripheral, event
from lab.engines.builtin.devices.spi_bus import SPIBus
from lab.engines.builtin.peripheral import Board, register

_SPI, _SPIM = 1, 7
_RXD_BYTES = 2
"""RXD is double buffered."""


class NRF52840_SPI(SerialPeripheral, SPIBus):
    """SPIM, and with ENABLE = 1 the SPI without EasyDMA. nRF52840 product specification 1.7, chapters 6.25 and 6.24.

    As in Renode bytes take no time, a byte that RXD has no room for is not sent, and where no device is attached zeros
    come back; Renode's SPI without EasyDMA sends nothing then, and READY never comes. In Renode an instance is either
    SPI or SPIM, by `easyDMA`; here ENABLE chooses.
    """

    TASKS_START = register(0x010, write="transfer")
    TASKS_STOP = register(0x014, write="stop")
    TASKS_SUSPEND = register(0x01C)
    TASKS_RESUME = register(0x020)
    EVENTS_STOPPED = event(0x104)
    EVENTS_READY = event(0x108)
    EVENTS_ENDRX = event(0x110)
    EVENTS_END = event(0x118)
    EVENTS_ENDTX = event(0x120)
    EVENTS_STARTED = event(0x14C)
    STALLSTAT = register(0x400)
    PSEL_SCK = register(0x508, reset=0xFFFF_FFFF)
    PSEL_MOSI = register(0x50C, reset=0xFFFF_FFFF)
    PSEL_MISO = register(0x510, reset=0xFFFF_FFFF)
    PSEL_CSN = register(0x514, reset=0xFFFF_FFFF)
    RXD = register(0x518, read="receive", read_only=True)
    TXD = register(0x51C, bits=8, write="send")
    FREQUENCY = register(0x524, reset=0x0400_0000)
    RXD_LIST = register(0x540)
    TXD_LIST = register(0x550)
    CONFIG = register(0x554)
    IFTIMING_RXDELAY = register(0x560, reset=2)
    IFTIMING_CSNDUR = register(0x564, reset=2)
    CSNPOL = register(0x568)
    PSELDCX = register(0x56C, reset=0xFFFF_FFFF)
    DCXCNT = register(0x570)
    ORC = register(0x5C0, bits=8)

    def __init__(self, board: Board, *, easy_dma: bool = False) -> None:  # noqa: ARG002 - ENABLE says it
        super().__init__(board)

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.received = bytearray()

    def transfer(self, value: int) -> None:
        """TASKS_START: what is at TXD.PTR goes out, and ORC behind it, while as many bytes come to RXD.PTR."""
        if not value & 1 or self.ENABLE != _SPIM:
            return
        self.check_dma("TXD.PTR", self.TXD_PTR, self.TXD_MAXCNT)
        self.check_dma("RXD.PTR", self.RXD_PTR, self.RXD_MAXCNT)
        sent = self.bus.read(self.TXD_PTR, self.TXD_MAXCNT) if self.TXD_MAXCNT else b""
        received = self.exchange(sent.ljust(self.RXD_MAXCNT, bytes([self.ORC])))
        self.bus.write(self.RXD_PTR, received[: self.RXD_MAXCNT])
        self.TXD_AMOUNT, self.RXD_AMOUNT = self.TXD_MAXCNT, self.RXD_MAXCNT
        self.EVENTS_STARTED = self.EVENTS_ENDTX = self.EVENTS_ENDRX = self.EVENTS_END = 1

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1:
            self.EVENTS_STOPPED = 1

    def send(self, value: int) -> None:
        """TXD, without EasyDMA; it reads back as it was written."""
        self.TXD = value
        if self.ENABLE == _SPI and len(self.received) < _RXD_BYTES:
            self.received += self.exchange(bytes([value]))
            self.EVENTS_READY = 1

    def receive(self) -> int:
        """RXD, without EasyDMA."""
        value = self.received.pop(0) if self.received else 0
        if self.received:
            self.EVENTS_READY = 1
            self.update_interrupt()
        return value
