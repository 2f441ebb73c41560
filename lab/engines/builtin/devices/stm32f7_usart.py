"""Serial port of the STM32F7."""

from __future__ import annotations

from lab.engines.builtin.devices.stm32_serial_port import IDLE, RE, TC, TE, STM32SerialPort
from lab.engines.builtin.peripheral import Board, register

_TEACK, _REACK = 1 << 21, 1 << 22
_RXFRQ = 1 << 3
_RESERVED_STATUS = 1 << 29
"""Reads as 1 in Renode."""


class STM32F7_USART(STM32SerialPort):
    """USART. RM0385 rev 8, chapter 31.8.

    As in Renode: a byte takes no virtual time, TXE is always set, TC is set from reset on and cleared by ICR; what is
    received while UE and RE are set waits in a queue without an end, so that there is no overrun, and is dropped
    otherwise. The line is idle at once behind bytes that came together, and DMA takes them at once. Stricter than
    Renode, as silicon is: sending while UE or TE is 0 is a DeviceFault.
    """

    UE = 1 << 0

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

    def _write_control(self, value: int) -> None:
        if not value & TE:
            self.complete = True
        super()._write_control(value)

    def _request(self, value: int) -> None:
        """RQR: RXFRQ drops what was received; there is no break to send."""
        if value & _RXFRQ:
            self.waiting.clear()
            self._update_interrupt()

    def _read_status(self) -> int:
        return _RESERVED_STATUS | self._flags() | (_TEACK if self.CR1 & TE else 0) | (_REACK if self.CR1 & RE else 0)

    def _clear(self, value: int) -> None:
        if value & TC:
            self.complete = False
        if value & IDLE:
            self.idle = False
        self._update_interrupt()

    def _send(self, value: int) -> None:
        self.TDR = value
        super()._send(value)
