"""Serial port of the STM32F1, F2 and F4."""

from __future__ import annotations

from lab.engines.builtin.devices.stm32_serial_port import TC, STM32SerialPort
from lab.engines.builtin.peripheral import Board, register


class STM32_UART(STM32SerialPort):
    """USART. RM0090 rev 20, chapter 30.6.

    As in Renode: a byte sent takes no virtual time and TXE is always set; what is received while UE and RE are set
    waits in a queue without an end, so that there is no overrun, and is dropped otherwise; reading DR clears IDLE.
    Unlike there it arrives at once, with the line idle behind what came together. Stricter than Renode, as silicon is:
    sending while UE or TE is 0 is a DeviceFault.
    """

    UE = 1 << 13

    SR = register(0x00, read="_flags", write="_clear", steady=True)
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

    def _take(self) -> int:
        self.idle = False
        return super()._take()

    def _clear(self, value: int) -> None:
        self.complete = self.complete and bool(value & TC)
        self._update_interrupt()
