"""The I2C master of the EFM32."""

from __future__ import annotations

from lab.engines.builtin.devices.i2c_bus import AddressedI2CBus
from lab.engines.builtin.peripheral import Board, register

_START, _STOP, _ACK, _ABORT, _CLEARTX = 1 << 0, 1 << 1, 1 << 2, 1 << 5, 1 << 6
_IF_START, _IF_RSTART, _TXC, _TXBL, _RXDATAV = 1 << 0, 1 << 1, 1 << 3, 1 << 4, 1 << 5
_IF_ACK, _NACK, _MSTOP, _BUSHOLD, _RXUF = 1 << 6, 1 << 7, 1 << 8, 1 << 11, 1 << 13
_BY_HAND = ~(_TXBL | _RXDATAV)
_BUSY, _MASTER = 1 << 0, 1 << 1
_STATUS_TXC, _STATUS_TXBL, _STATUS_RXDATAV = 1 << 6, 1 << 7, 1 << 8
_READS = 1


class EFM32GGI2CController(AddressedI2CBus):
    """I2C. EFM32GG reference manual, chapter 16.5; master with addresses of 7 bits.

    Bytes take no virtual time. What is sent reaches the device with STOP or the next START; a byte is read when the
    device was addressed, and another with each ACK. Unlike in Renode, where every byte is acknowledged and the first is
    taken for a register's number, bytes are bytes, and a device that is missing is a NACK, as on silicon.
    """

    size = 0x400

    CTRL = register(0x00, write="_configure")
    CMD = register(0x04, write="_command", write_only=True)
    STATE = register(0x08, read="_state", read_only=True)
    STATUS = register(0x0C, read="_status", read_only=True)
    CLKDIV = register(0x10, bits=9)
    SADDR = register(0x14, bits=8)
    SADDRMASK = register(0x18, bits=8)
    RXDATA = register(0x1C, read="_take", read_only=True)
    RXDATAP = register(0x20, read="_peek", read_only=True)
    TXDATA = register(0x24, bits=8, write="_send", write_only=True)
    IF = register(0x28, read="_read_flags", read_only=True)
    IFS = register(0x2C, write="_set_flags", write_only=True)
    IFC = register(0x30, write="_clear_flags", write_only=True)
    IEN = register(0x34, write="_enable")
    ROUTE = register(0x38)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.received = bytearray()

    def reset(self) -> None:
        """Off."""
        super().reset()
        self._idle()
        self.flags = 0

    def _idle(self) -> None:
        self.sent.clear()
        self.received.clear()
        self.address = None
        self.pending: int | None = None
        self.busy = self.calling = self.reads = False

    def _configure(self, value: int) -> None:
        self.CTRL = value
        if not value & 1:
            self._idle()

    def _command(self, value: int) -> None:
        if value & _CLEARTX:
            self.pending = None
        if value & _ABORT:
            self._idle()
        if value & _START:
            self._start()
        if value & _ACK and self.reads:
            self._fetch()
        if value & _STOP:
            self._deliver()
            device = self._device
            if device:
                device.stop_condition()
            self.address, self.busy, self.calling, self.reads = None, False, False, False
            self.flags |= _MSTOP
        self._update_interrupt()

    def _start(self) -> None:
        self._deliver()
        self.flags |= _IF_RSTART if self.busy else _IF_START
        self.address, self.busy, self.calling, self.reads = None, True, True, False
        if self.pending is not None:
            self._call(self.pending)
        else:
            self.flags |= _BUSHOLD

    def _call(self, value: int) -> None:
        """The first byte behind START."""
        self.pending, self.calling = None, False
        self.flags = self.flags & ~_BUSHOLD | _TXC
        if value >> 1 in self.devices:
            self.address, self.reads = value >> 1, bool(value & _READS)
            self.flags |= _IF_ACK
            if self.reads:
                self._fetch()
        else:
            self.flags |= _NACK | _BUSHOLD

    def _fetch(self) -> None:
        device = self._device
        if device:
            self.received += device.read_byte() or b"\xff"

    def _send(self, value: int) -> None:
        if self.calling:
            self._call(value)
        elif self._device and not self.reads:
            self.sent.append(value)
            self.flags |= _IF_ACK | _TXC
        else:
            self.pending = value
        self._update_interrupt()

    def _take(self) -> int:
        if not self.received:
            self.flags |= _RXUF
        taken = self.received.pop(0) if self.received else 0
        self._update_interrupt()
        return taken

    def _peek(self) -> int:
        return self.received[0] if self.received else 0

    def _state(self) -> int:
        return (_BUSY | _MASTER) if self.busy else 0

    def _status(self) -> int:
        flags = self._read_flags()
        shown = {_TXC: _STATUS_TXC, _TXBL: _STATUS_TXBL, _RXDATAV: _STATUS_RXDATAV}
        return sum(bit for flag, bit in shown.items() if flags & flag)

    def _read_flags(self) -> int:
        return self.flags | (_TXBL if self.pending is None else 0) | (_RXDATAV if self.received else 0)

    def _set_flags(self, value: int) -> None:
        self.flags |= value & _BY_HAND
        self._update_interrupt()

    def _clear_flags(self, value: int) -> None:
        self.flags &= ~value
        self._update_interrupt()

    def _enable(self, value: int) -> None:
        self.IEN = value
        self._update_interrupt()

    def _update_interrupt(self) -> None:
        self.irq.set(bool(self._read_flags() & self.IEN))
