"""Serial port of the ESP32 family."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Peripheral, register

_IDLE_LINES = 1 << 14 | 1 << 15 | 1 << 29 | 1 << 30 | 1 << 31
"""CTSN, RXD, DTRN, RTSN and TXD are high."""
_MOST_COUNTED = 0x3FF


class ESP32_UART(Peripheral):
    """UART. ESP32-C3 technical reference manual 1.1, chapter 26.5.

    As in Renode: a byte takes no virtual time and needs no clock, so the transmit FIFO is always empty (STATUS says
    so); what is received waits in a FIFO without an end, of which STATUS counts 1,023 at most; no interrupt is ever
    raised; what is not listed here reads 0.
    """

    FIFO = register(0x00, bits=8, read="_receive", write="_send")
    INT_RAW = register(0x04, read_only=True)
    INT_ENA = register(0x0C, bits=20)
    INT_CLR = register(0x10, write="_clear")
    CLKDIV = register(0x14)
    RX_FILT = register(0x18)
    STATUS = register(0x1C, reset=_IDLE_LINES, read="_read_status", read_only=True, steady=True)
    CONF0 = register(0x20)
    CONF1 = register(0x24)
    CLK_CONF = register(0x78)

    def reset(self) -> None:
        """Back to the state after power-on, with nothing received."""
        super().reset()
        self.waiting = bytearray()

    def accept(self, data: bytes) -> None:
        """Bytes arrive at RXD."""
        self.waiting += data

    def _receive(self) -> int:
        return self.waiting.pop(0) if self.waiting else 0

    def _read_status(self) -> int:
        return _IDLE_LINES | min(len(self.waiting), _MOST_COUNTED)

    def _send(self, value: int) -> None:
        self.output(bytes([value]))

    def _clear(self, value: int) -> None:
        """There is nothing to clear."""
