"""Serial port with EasyDMA."""

from __future__ import annotations

from lab.engines.builtin.devices.nordic import SerialPeripheral, event
from lab.engines.builtin.peripheral import Board, register
from lab.errors import ConfigurationError, DeviceFault

_UART, _UARTE = 4, 8
_ENDRX_STARTRX, _ENDRX_STOPRX = 1 << 5, 1 << 6
_CLOCK = 16_000_000  # of which BAUDRATE is the part of 2^32
_BITS = 10  # of a byte, start and stop included
_FLUSHED = 4  # bytes that the receiver holds once it is stopped


class NRF52840_UART(SerialPeripheral):
    """UARTE, and with ENABLE = 4 the UART without EasyDMA. nRF52840 product specification 1.7, chapters 6.34 and 6.33.

    As in Renode a transmission takes no virtual time and raises TXSTARTED, TXSTOPPED, ENDTX and TXDRDY at once. What is
    received is written to the buffer that STARTRX took from RXD.PTR and RXD.MAXCNT, a byte with RXDRDY at a time, until
    that is full, with ENDRX; what comes then waits in a FIFO without an end, and what comes before the first STARTRX is
    lost. Where a shortcut begins the next reception, its first byte comes the time of a byte later, and when ENDRX has
    been cleared. Unlike Renode's, an interrupt that INTENSET enables is enabled at once, and what comes after STOPRX is
    there for FLUSHRX.
    Stricter than Renode, as silicon is: STARTTX while ENABLE is 0, or a transfer with memory that is not RAM, is a
    DeviceFault. In Renode an instance is either UARTE or UART, by `easyDMA`; here that is true, and ENABLE chooses.
    """

    TASKS_STARTRX = register(0x000, write="start_reception")
    TASKS_STOPRX = register(0x004, write="stop_reception")
    TASKS_STARTTX = register(0x008, write="start_transmission")
    TASKS_STOPTX = register(0x00C, write="stop_transmission")
    TASKS_FLUSHRX = register(0x02C, write="flush")
    EVENTS_CTS = event(0x100)
    EVENTS_RXDRDY = event(0x108)
    EVENTS_ENDRX = event(0x110)
    EVENTS_TXDRDY = event(0x11C)
    EVENTS_ENDTX = event(0x120)
    EVENTS_ERROR = event(0x124)
    EVENTS_RXTO = event(0x144)
    EVENTS_RXSTARTED = event(0x14C)
    EVENTS_TXSTARTED = event(0x150)
    EVENTS_TXSTOPPED = event(0x158)
    ERRORSRC = register(0x480, bits=4, write="clear_errors")
    PSEL_RTS = register(0x508, reset=0xFFFF_FFFF)
    PSEL_TXD = register(0x50C, reset=0xFFFF_FFFF)
    PSEL_CTS = register(0x510, reset=0xFFFF_FFFF)
    PSEL_RXD = register(0x514, reset=0xFFFF_FFFF)
    RXD = register(0x518, bits=8, read="receive", read_only=True)
    TXD = register(0x51C, bits=8, write="send")
    BAUDRATE = register(0x524, reset=0x0400_0000)
    CONFIG = register(0x56C)

    def __init__(self, board: Board, *, easy_dma: bool = False) -> None:
        super().__init__(board)
        if not easy_dma:
            raise ConfigurationError(
                f"{self.name}: the built-in engine has the UART of the nRF52840 with EasyDMA only.",
                remedy="Set `easyDMA: true` in the platform description.",
                code="platform-description",
            )
        self.next_byte = self.alarm(self.on_next_byte)

    def reset(self) -> None:
        """Back to the state after power-on, with nothing received."""
        super().reset()
        self.waiting = bytearray()
        self.listening = False  # since the first STARTRX
        self.receiving = False
        self.buffer = (0, 0)
        self.filled = 0
        self.sending = False

    @property
    def listens(self) -> bool:
        """A reception is under way."""
        return self.ENABLE in (_UART, _UARTE) and self.receiving

    def accept(self, data: bytes) -> None:
        """Bytes arrive at RXD, of which one that is off, or was never started, takes none."""
        if self.listening and self.ENABLE in (_UART, _UARTE):
            self.waiting += data
            self._fill()
            self.update_interrupt()

    def start_transmission(self, value: int) -> None:
        """TASKS_STARTTX: TXD.MAXCNT bytes at TXD.PTR go out."""
        if not value & 1:
            return
        if self.ENABLE == _UART:
            self.sending = True
            return
        if self.ENABLE != _UARTE:
            raise DeviceFault(
                f"{self.name}: a transmission was started while ENABLE is {self.ENABLE}.",
                remedy="Write 8 to ENABLE first; the real UARTE would stay silent and ENDTX never come.",
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
            self.sending = False
            self.EVENTS_TXSTOPPED = 1

    def send(self, value: int) -> None:
        """TXD: without EasyDMA a byte goes out, once STARTTX was given."""
        if self.ENABLE == _UART and self.sending:
            self.output(bytes([value]))
            self.EVENTS_TXDRDY = 1

    def start_reception(self, value: int) -> None:
        """TASKS_STARTRX: RXD.MAXCNT bytes go to RXD.PTR as they come; without EasyDMA to RXD."""
        if not value & 1:
            return
        self.listening = self.receiving = True
        if self.ENABLE == _UARTE:
            self.check_dma("RXD.PTR", self.RXD_PTR, self.RXD_MAXCNT)
            self.RXD_AMOUNT = 0
            self._begin_reception()
        self._fill()

    def stop_reception(self, value: int) -> None:
        """TASKS_STOPRX."""
        if value & 1:
            self.receiving = False
            self.EVENTS_ENDRX = int(self.ENABLE == _UARTE)
            self.EVENTS_RXTO = 1

    def flush(self, value: int) -> None:
        """TASKS_FLUSHRX: what the receiver still holds goes to RXD.PTR."""
        if value & 1:
            self.check_dma("RXD.PTR", self.RXD_PTR, self.RXD_MAXCNT)
            self.RXD_AMOUNT = min(_FLUSHED, self.RXD_MAXCNT, len(self.waiting))
            self.bus.write(self.RXD_PTR, bytes(self.waiting[: self.RXD_AMOUNT]))
            del self.waiting[: self.RXD_AMOUNT]
            self.EVENTS_ENDRX = 1

    def on_next_byte(self, due_ns: int) -> None:
        """A byte could have come since a shortcut began a reception."""
        if self.EVENTS_ENDRX:
            self.next_byte.start(due_ns + self._byte_ns())
            return
        self._fill()
        self.update_interrupt()

    def receive(self) -> int:
        """RXD, without EasyDMA: the byte that came first."""
        byte = self.waiting.pop(0) if self.waiting and self.ENABLE == _UART else 0
        self._fill()
        self.update_interrupt()
        return byte

    def clear_errors(self, value: int) -> None:
        """ERRORSRC: written bits go."""
        self.ERRORSRC &= ~value

    def _fill(self) -> None:
        if self.ENABLE == _UART:
            if self.receiving and self.waiting:
                self.EVENTS_RXDRDY = 1
            return
        pointer, size = self.buffer
        while self.receiving and self.waiting and self.filled < size and not self.next_byte.running:
            self.bus.write(pointer + self.filled, bytes([self.waiting.pop(0)]))
            self.filled += 1
            self.RXD_AMOUNT = self.filled
            self.EVENTS_RXDRDY = 1
        if self.receiving and self.filled == size:
            self._end_reception()

    def _begin_reception(self) -> None:
        self.buffer = (self.RXD_PTR, self.RXD_MAXCNT)
        self.filled = 0
        self.EVENTS_RXSTARTED = 1

    def _end_reception(self) -> None:
        self.receiving = False
        self.EVENTS_ENDRX = 1
        if self.SHORTS & _ENDRX_STARTRX and self.RXD_MAXCNT:
            self.receiving = True
            self._begin_reception()
            self.next_byte.start(self.now_ns + self._byte_ns())
        elif self.SHORTS & _ENDRX_STOPRX:
            self.stop_reception(1)

    def _byte_ns(self) -> int:
        baud = max(1, self.BAUDRATE * _CLOCK >> 32)
        return _BITS * 10**9 // baud
