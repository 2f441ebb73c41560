"""Serial port of the ESP32 family."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Peripheral, register, register_bank

_IDLE_LINES = 1 << 14 | 1 << 15 | 1 << 29 | 1 << 30 | 1 << 31
"""CTSN, RXD, DTRN, RTSN and TXD are high."""
_FIFO = 128
_FULL, _EMPTY, _TIMEOUT, _SENT = 1 << 0, 1 << 1, 1 << 8, 1 << 14
_LATCHED = 0xF_FFFF & ~(_FULL | _EMPTY)
_DROP_RECEIVED, _FULL_THRESHOLD, _UPDATE = 1 << 17, 0x1FF, 1 << 31


class ESP32_UART(Peripheral):
    """UART. ESP32-C3 technical reference manual 1.1, chapter 26.5.

    As in Renode: a byte takes no virtual time and needs no clock, so the transmit FIFO is always empty (STATUS says
    so); what is received waits without an end, of which STATUS counts the 128 bytes that the FIFO has.

    Renode has neither interrupts nor registers that are not used here; of the interrupts there are those of a FIFO that
    is full or empty, of a pause in what is received, which comes at once, and of an end of sending.
    """

    FIFO = register(0x00, bits=8, read="_receive", write="_send")
    INT_RAW = register(0x04, read="_raw", read_only=True, steady=True)
    INT_ST = register(0x08, read="_pending", read_only=True, steady=True)
    INT_ENA = register(0x0C, bits=20, write="_enable_interrupts")
    INT_CLR = register(0x10, write="_clear")
    CLKDIV = register(0x14)
    RX_FILT = register(0x18)
    STATUS = register(0x1C, reset=_IDLE_LINES, read="_read_status", read_only=True, steady=True)
    CONF0 = register(0x20, write="_configure")
    CONF1 = register(0x24, reset=0xC060, write="_set_thresholds")
    FORMAT = register_bank(0x28, count=14)  # LOWPULSE to AT_CMD_CHAR: pauses, flow control, RS-485, AT commands
    MEM_CONF = register(0x60, reset=0x000A_0012)
    MEM_TX_STATUS = register(0x64, read_only=True)
    MEM_RX_STATUS = register(0x68, read_only=True)
    FSM_STATUS = register(0x6C, read_only=True)
    PULSES = register_bank(0x70, count=2, reset=0xFFF, read_only=True)
    CLK_CONF = register(0x78)
    DATE = register(0x7C, reset=0x0200_8270)
    ID = register(0x80, reset=0x4000_0500, write="_update")

    def reset(self) -> None:
        """Back to the state after power-on, with nothing received."""
        super().reset()
        self.waiting = bytearray()
        self.happened = 0

    def accept(self, data: bytes) -> None:
        """Bytes arrive at RXD."""
        self.waiting += data
        self.happened |= _TIMEOUT
        self._update_interrupts()

    def _receive(self) -> int:
        byte = self.waiting.pop(0) if self.waiting else 0
        self._update_interrupts()
        return byte

    def _read_status(self) -> int:
        return _IDLE_LINES | min(len(self.waiting), _FIFO)

    def _send(self, value: int) -> None:
        self.output(bytes([value]))
        self.happened |= _SENT
        self._update_interrupts()

    def _configure(self, value: int) -> None:
        self.CONF0 = value
        if value & _DROP_RECEIVED:
            self.waiting.clear()
            self._update_interrupts()

    def _set_thresholds(self, value: int) -> None:
        self.CONF1 = value
        self._update_interrupts()

    def _update(self, value: int) -> None:
        """Settings act at once."""
        self.ID = value & ~_UPDATE

    def _raw(self) -> int:
        threshold = self.CONF1 & _FULL_THRESHOLD or 1
        full = _FULL if min(len(self.waiting), _FIFO) >= threshold else 0
        return self.happened | _EMPTY | full

    def _pending(self) -> int:
        return self._raw() & self.INT_ENA

    def _enable_interrupts(self, value: int) -> None:
        self.INT_ENA = value
        self._update_interrupts()

    def _clear(self, value: int) -> None:
        self.happened &= ~(value & _LATCHED)
        self._update_interrupts()

    def _update_interrupts(self) -> None:
        self.irq.set(bool(self._pending()))
