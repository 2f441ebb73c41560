"""Serial port of the STM32F7."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register
from lab.errors import DeviceFault

_UE, _RE, _TE, _TCIE, _TXEIE = 1 << 0, 1 << 2, 1 << 3, 1 << 6, 1 << 7
_TC, _TXE, _TEACK, _REACK = 1 << 6, 1 << 7, 1 << 21, 1 << 22
_RESERVED_STATUS = 1 << 29
"""Reads as 1 in Renode."""


class STM32F7_USART(Peripheral):
    """USART. RM0385 rev 8, chapter 31.8.

    As in Renode: a byte takes no virtual time, TXE is always set, TC is set from reset on and cleared by ICR; nothing
    is received. Stricter than Renode, as silicon is: sending while UE or TE is 0 is a DeviceFault.
    """

    size = 0x400

    CR1 = register(0x00, write="_write_control")
    CR2 = register(0x04)
    CR3 = register(0x08)
    BRR = register(0x0C, bits=16)
    GTPR = register(0x10, bits=16)
    RTOR = register(0x14)
    RQR = register(0x18, write="_request")
    ISR = register(0x1C, read="_read_status", read_only=True)
    ICR = register(0x20, write="_clear")
    RDR = register(0x24, bits=8, read_only=True)
    TDR = register(0x28, bits=8, write="_send")

    def __init__(self, board: Board, *, frequency: int) -> None:
        super().__init__(board)
        self.frequency = frequency
        self.line("ReceiveDmaRequest")

    def reset(self) -> None:
        """Back to the state after power-on: off, with nothing to send."""
        super().reset()
        self.complete = True

    def _write_control(self, value: int) -> None:
        self.CR1 = value
        if not value & _TE:
            self.complete = True
        self._update_interrupt()

    def _request(self, value: int) -> None:
        """RQR: there is nothing to flush and no break to send."""

    def _read_status(self) -> int:
        return (
            _RESERVED_STATUS
            | _TXE
            | (_TC if self.complete else 0)
            | (_TEACK if self.CR1 & _TE else 0)
            | (_REACK if self.CR1 & _RE else 0)
        )

    def _clear(self, value: int) -> None:
        if value & _TC:
            self.complete = False
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
        self.irq.set(bool(self.CR1 & _TXEIE or (self.CR1 & _TCIE and self.complete)))
