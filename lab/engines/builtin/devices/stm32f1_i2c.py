"""The I2C master of the STM32F1, F2, F4 and L1."""

from __future__ import annotations

from lab.engines.builtin.devices.i2c_bus import AddressedI2CBus
from lab.engines.builtin.peripheral import Board, register

_PE, _START, _STOP, _ACK, _POS, _SWRST = 1 << 0, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 15
_ITERREN, _ITEVTEN, _ITBUFEN = 1 << 8, 1 << 9, 1 << 10
_SB, _ADDR, _BTF, _RXNE, _TXE, _AF = 1 << 0, 1 << 1, 1 << 2, 1 << 6, 1 << 7, 1 << 10
_MSL, _BUSY, _TRA = 1 << 0, 1 << 1, 1 << 2
_READS = 1
_HELD = 2
"""Bytes that the data register and the shift register have together."""


class STM32F1_I2C(AddressedI2CBus):
    """I2C. RM0090 rev 20, chapter 27.6; master with addresses of 7 bits only.

    Bytes take no virtual time: each is on the wires as soon as the registers have room, and ACK and POS answer it as
    they are then, as on silicon, where Renode fetches a byte when it is read. What is sent reaches the device with STOP
    or the next START, as in Renode. A device that is missing is a NACK, after which BUSY stays until STOP.
    No requests for DMA, as in Renode.
    """

    size = 0x400

    CR1 = register(0x00, bits=16, write="_control")
    CR2 = register(0x04, bits=13, write="_enable")
    OAR1 = register(0x08, bits=16)
    OAR2 = register(0x0C, bits=8)
    DR = register(0x10, bits=8, read="_receive", write="_send")
    SR1 = register(0x14, read="_status", write="_clear")
    SR2 = register(0x18, read="_second_status", read_only=True)
    CCR = register(0x1C, bits=16)
    TRISE = register(0x20, bits=6, reset=2)
    FLTR = register(0x24, bits=5)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.event, self.error = self.line("EventInterrupt"), self.line("ErrorInterrupt")
        for never in ("RxDMARequest", "TxDMARequest"):
            self.line(never)
        self.held = bytearray()
        self._fixed |= {"event", "error"}

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self._idle()
        self.flags = 0

    def _idle(self) -> None:
        self.sent.clear()
        self.held.clear()
        self.address = None
        self.busy = self.reads = self.answered = False

    def _control(self, value: int) -> None:
        if value & _SWRST:
            self.reset()
            self.CR1 = value
            return
        self.CR1 = value & ~(_START | _STOP)
        if not value & _PE:
            self._idle()
            self.flags = 0
        elif value & _STOP:
            self._stop()
        elif value & _START:
            self._deliver()
            self.address, self.busy, self.reads = None, True, False
            self.held.clear()
            self.flags = self.flags & _AF | _SB
        self._update_interrupts()

    def _stop(self) -> None:
        self._deliver()
        device = self._device
        if device:
            device.stop_condition()
        self.address, self.busy, self.answered = None, False, False
        self.flags &= _AF

    def _enable(self, value: int) -> None:
        self.CR2 = value
        self._update_interrupts()

    def _send(self, value: int) -> None:
        if self.flags & _SB:
            self._call(value)
        elif self._device and not self.reads:
            self.sent.append(value)
            self.flags |= _BTF
        self._update_interrupts()

    def _call(self, value: int) -> None:
        self.flags &= ~_SB
        if value >> 1 in self.devices:
            self.address, self.reads = value >> 1, bool(value & _READS)
            self.flags |= _ADDR
        else:
            self.flags |= _AF

    def _listen(self) -> None:
        """Take bytes from the wires as long as there is room and the last one was acknowledged."""
        device = self._device
        while device and self.reads and self.answered and len(self.held) < _HELD:
            self.held += device.read_byte() or b"\xff"
            self.answered = bool(self.CR1 & _ACK) or (bool(self.CR1 & _POS) and len(self.held) == 1)

    def _receive(self) -> int:
        value = self.held.pop(0) if self.held else 0
        self._listen()
        self._update_interrupts()
        return value

    def _status(self) -> int:
        sends = self._device is not None and not self.reads and not self.flags & _ADDR
        received = (_RXNE if self.held else 0) | (_BTF if len(self.held) == _HELD else 0)
        return self.flags | (_TXE if sends else 0) | received

    def _second_status(self) -> int:
        if self.flags & _ADDR:
            self.flags &= ~_ADDR
            self.answered = True
            self._listen()
            self._update_interrupts()
        sends = self._device is not None and not self.reads
        return (_MSL | _BUSY if self.busy else 0) | (_TRA if sends else 0)

    def _clear(self, value: int) -> None:
        self.flags &= value | ~_AF
        self._update_interrupts()

    def _update_interrupts(self) -> None:
        status, enabled = self._status(), self.CR2
        events = status & (_SB | _ADDR | _BTF) or (enabled & _ITBUFEN and status & (_TXE | _RXNE))
        self.event.set(bool(enabled & _ITEVTEN and events))
        self.error.set(bool(enabled & _ITERREN and status & _AF))
