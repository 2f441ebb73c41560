"""Low-energy UART of the EFM32."""

from __future__ import annotations

from types import MappingProxyType

from lab.engines.builtin.devices.silabs import RXDATAV, TXBL, TXC, EFM32SerialPort
from lab.engines.builtin.peripheral import register


class LEUART(EFM32SerialPort):
    """LEUART. EFM32GG reference manual, chapter 19.5.

    Sending takes no time and needs no enabling, nothing has to be synchronised, as in Renode.
    """

    status_bits = MappingProxyType({TXC: 1 << 3, TXBL: 1 << 4, RXDATAV: 1 << 5})

    CMD = register(0x004, write_only=True)
    STATUS = register(0x008, read="_status", read_only=True, steady=True)
    CLKDIV = register(0x00C, bits=15)
    STARTFRAME = register(0x010)
    SIGFRAME = register(0x014)
    TXDATAX = register(0x024, write="_send", write_only=True)
    TXDATA = register(0x028, write="_send", write_only=True)
    IF = register(0x02C, read="_read_flags", read_only=True, steady=True)
    IFS = register(0x030, write="_set_flags", write_only=True)
    IFC = register(0x034, write="_clear_flags", write_only=True)
    IEN = register(0x038, read="_enables", write="_enable", steady=True)
    PULSECTRL = register(0x03C)
    FREEZE = register(0x040)
    SYNCBUSY = register(0x044, read_only=True)
