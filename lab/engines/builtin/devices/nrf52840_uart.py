"""Serial port with EasyDMA."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import NordicPeripheral
from lab.engines.builtin.peripheral import Board, register
from lab.errors import ConfigurationError, DeviceFault

_UART, _UARTE = 4, 8
_SILENT = "Write 8 to ENABLE first; the real UARTE would stay silent and ENDTX never come."
_LEGACY = (
    "4 is the UART without EasyDMA, which sends what is written to TXD and which the built-in engine does not model: "
    "build the firmware with the UARTE driver, which writes 8 to ENABLE."
)


class NRF52840_UART(NordicPeripheral):
    """UARTE. nRF52840 product specification 1.7, chapter 6.34.

    As in Renode a transmission takes no virtual time and raises TXSTARTED, TXSTOPPED, ENDTX and TXDRDY at once. What is
    received is written to RXD.PTR, a byte with RXDRDY at a time, until RXD.MAXCNT have come, with ENDRX; what comes
    while no reception is under way waits in a FIFO without an end. Stricter than Renode, as silicon is: sending while
    ENABLE is not 8, or a transfer with memory that is not RAM, is a DeviceFault. The UART without EasyDMA
    (`easyDMA: false`, chapter 6.33) is not modelled.
    """

    TASKS_STARTRX = register(0x000, write="start_reception")
    TASKS_STOPRX = register(0x004, write="stop_reception")
    TASKS_STARTTX = register(0x008, write="start_transmission")
    TASKS_STOPTX = register(0x00C, write="stop_transmission")
    EVENTS_CTS = register(0x100, bits=1)
    EVENTS_RXDRDY = register(0x108, bits=1)
    EVENTS_ENDRX = register(0x110, bits=1)
    EVENTS_TXDRDY = register(0x11C, bits=1)
    EVENTS_ENDTX = register(0x120, bits=1)
    EVENTS_ERROR = register(0x124, bits=1)
    EVENTS_RXTO = register(0x144, bits=1)
    EVENTS_RXSTARTED = register(0x14C, bits=1)
    EVENTS_TXSTARTED = register(0x150, bits=1)
    EVENTS_TXSTOPPED = register(0x158, bits=1)
    ENABLE = register(0x500, bits=4)
    PSEL_RTS = register(0x508, reset=0xFFFF_FFFF)
    PSEL_TXD = register(0x50C, reset=0xFFFF_FFFF)
    PSEL_CTS = register(0x510, reset=0xFFFF_FFFF)
    PSEL_RXD = register(0x514, reset=0xFFFF_FFFF)
    BAUDRATE = register(0x524, reset=0x0400_0000)
    RXD_PTR = register(0x534)
    RXD_MAXCNT = register(0x538, bits=16)
    RXD_AMOUNT = register(0x53C, bits=16, read_only=True)
    TXD_PTR = register(0x544)
    TXD_MAXCNT = register(0x548, bits=16)
    TXD_AMOUNT = register(0x54C, bits=16, read_only=True)
    CONFIG = register(0x56C)

    def __init__(self, board: Board, *, easy_dma: bool = False) -> None:
        super().__init__(board)
        if not easy_dma:
            raise ConfigurationError(
                f"{self.name}: the built-in engine has the UART of the nRF52840 with EasyDMA only.",
                remedy="Set `easyDMA: true` in the platform description.",
                code="platform-description",
            )

    def reset(self) -> None:
        """Back to the state after power-on, with nothing received."""
        super().reset()
        self.waiting = bytearray()
        self.receiving = False

    def accept(self, data: bytes) -> None:
        """Bytes arrive at RXD, of which a UARTE that is off takes none."""
        if self.ENABLE == _UARTE:
            self.waiting += data
            self._fill()
            self.update_interrupt()

    def start_transmission(self, value: int) -> None:
        """TASKS_STARTTX: TXD.MAXCNT bytes at TXD.PTR go out."""
        if not value & 1:
            return
        if self.ENABLE != _UARTE:
            raise DeviceFault(
                f"{self.name}: a transmission was started while ENABLE is {self.ENABLE}.",
                remedy=_LEGACY if self.ENABLE == _UART else _SILENT,
                code="device-misused",
            )
        self.check_dma("TXD.PTR", self.TXD_PTR, self.TXD_MAXCNT)
        if self.TXD_MAXCNT:
            self.output(self.bus.read(self.TXD_PTR, self.TXD_MAXCNT))
        self.TXD_AMOUNT = self.TXD_MAXCNT
        self.EVENTS_TXSTARTED = self.EVENTS_TXSTOPPED = self.EVENTS_ENDTX = self.EVENTS_TXDRDY = 1

    def stop_transmission(self, value: int) -> None:
        """TASKS_STOPTX."""
        if value & 1:
            self.EVENTS_TXSTOPPED = 1

    def start_reception(self, value: int) -> None:
        """TASKS_STARTRX: RXD.MAXCNT bytes go to RXD.PTR as they come."""
        if not value & 1:
            return
        self.check_dma("RXD.PTR", self.RXD_PTR, self.RXD_MAXCNT)
        self.RXD_AMOUNT = 0
        self.EVENTS_RXSTARTED = 1
        self.receiving = True
        self._fill()

    def stop_reception(self, value: int) -> None:
        """TASKS_STOPRX."""
        if value & 1:
            self.receiving = False
            self.EVENTS_ENDRX = self.EVENTS_RXTO = 1

    def _fill(self) -> None:
        while self.receiving and self.waiting and self.RXD_AMOUNT < self.RXD_MAXCNT:
            self.bus.write(self.RXD_PTR + self.RXD_AMOUNT, bytes([self.waiting.pop(0)]))
            self.RXD_AMOUNT += 1
            self.EVENTS_RXDRDY = 1
        if self.receiving and self.RXD_AMOUNT == self.RXD_MAXCNT:
            self.receiving = False
            self.EVENTS_ENDRX = 1
