"""USART and UART of the EFM32."""

from __future__ import annotations

from types import MappingProxyType

from lab.engines.builtin.devices.silabs import RXDATAV, TXBL, TXC, EFM32SerialPort
from lab.engines.builtin.peripheral import Board, register


class EFM32_UART(EFM32SerialPort):
    """USART, asynchronous. EFM32GG reference manual, chapter 17.5.

    Sending takes no time and needs no enabling, as in Renode. Unlike there, interrupts follow IEN, and the
    transmitter's lasts, as on silicon.
    """

    status_bits = MappingProxyType({TXC: 1 << 5, TXBL: 1 << 6, RXDATAV: 1 << 7})

    FRAME = register(0x004, reset=0x1005)
    TRIGCTRL = register(0x008)
    CMD = register(0x00C, write_only=True)
    STATUS = register(0x010, read="_status", read_only=True, steady=True)
    CLKDIV = register(0x014, bits=21)
    TXDATAX = register(0x030, write="_send", write_only=True)
    TXDATA = register(0x034, write="_send", write_only=True)
    IF = register(0x040, read="_read_flags", read_only=True, steady=True)
    IFS = register(0x044, write="_set_flags", write_only=True)
    IFC = register(0x048, write="_clear_flags", write_only=True)
    IEN = register(0x04C, read="_enables", write="_enable", steady=True)
    IRCTRL = register(0x050)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.sent, self.received = self.line("TransmitIRQ"), self.line("ReceiveIRQ")

    def update_interrupts(self) -> None:
        """One for each way."""
        self.sent.set(bool(self.raised & (TXC | TXBL)))
        self.received.set(bool(self.raised & RXDATAV))
