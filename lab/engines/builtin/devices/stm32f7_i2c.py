"""The I2C master of the STM32F7."""

from __future__ import annotations

from lab.engines.builtin.devices import dma_request
from lab.engines.builtin.devices.i2c_bus import I2CBus
from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.peripheral import Board, register

_PE, _TXIE, _RXIE, _NACKIE, _STOPIE, _TCIE = 1 << 0, 1 << 1, 1 << 2, 1 << 4, 1 << 5, 1 << 6
_RXDMAEN = 1 << 15
_RD_WRN, _ADD10, _START, _STOP, _RELOAD, _AUTOEND = 1 << 10, 1 << 11, 1 << 13, 1 << 14, 1 << 24, 1 << 25
_TXE, _TXIS, _RXNE, _NACKF, _STOPF, _TC, _TCR = 1 << 0, 1 << 1, 1 << 2, 1 << 4, 1 << 5, 1 << 6, 1 << 7


class STM32F7_I2C(I2CBus):
    """I2C. RM0385 rev 8, chapter 30.7; master only.

    As in Renode: bytes take no virtual time. What is sent reaches the device when NBYTES bytes are together; what is
    read is fetched at START. BUSY is never set; there is no slave mode. Unlike Renode's, which says nothing then, it
    tells of a device that is missing as silicon does, which sends STOP by itself then: by NACKF and STOPF.
    """

    size = 0x400

    CR1 = register(0x00, write="_write_control")
    CR2 = register(0x04, write="_command")
    OAR1 = register(0x08)
    OAR2 = register(0x0C)
    TIMINGR = register(0x10)
    TIMEOUTR = register(0x14)
    ISR = register(0x18, read="_read_status", read_only=True, steady=True)
    ICR = register(0x1C, write="_clear")
    PECR = register(0x20, bits=8, read_only=True)
    RXDR = register(0x24, bits=8, read="_receive", read_only=True)
    TXDR = register(0x28, bits=8, write="_send")

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.event_interrupt = self.line("EventInterrupt")
        self.line("ErrorInterrupt")
        self.request = self.line("DmaReceive")
        self.sent = bytearray()
        self.received = bytearray()

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.sent.clear()
        self.received.clear()
        self.flags = 0
        self.addressed = False

    @property
    def _device(self) -> I2CDevice | None:
        address = self.CR2 & 0x3FF if self.CR2 & _ADD10 else self.CR2 >> 1 & 0x7F
        return self.devices.get(address) if self.addressed else None

    @property
    def _count(self) -> int:
        return self.CR2 >> 16 & 0xFF

    def _write_control(self, value: int) -> None:
        self.CR1 = value
        if not value & _PE:
            self.flags = 0
        self._ask_dma()
        self._update_interrupt()

    def _command(self, value: int) -> None:
        self.CR2 = value & ~(_START | _STOP)
        if value & _START and not value & _STOP:
            self._start()
        elif value & _STOP and not value & _START:
            self._stop()
        elif self.flags & _TCR and self._count:
            self.flags &= ~_TCR
            if value & _RD_WRN:
                self._fetch()
        self._update_interrupt()

    def _start(self) -> None:
        self.flags &= ~_TC
        self.received.clear()
        self.addressed = True
        device = self._device
        if device is None:
            self.addressed = False
            self.flags = self.flags & ~_TXIS | _NACKF | _STOPF
        elif self.CR2 & _RD_WRN:
            self.flags &= ~_TXIS
            self._fetch()
        else:
            self.flags |= _TXIS
            self._deliver(device)

    def _fetch(self) -> None:
        device = self._device
        if device:
            self.received += b"".join(device.read_byte() for _ in range(self._count))
            self._ask_dma()

    def _ask_dma(self) -> None:
        if self.CR1 & _RXDMAEN:
            dma_request.ask(self.request, self.received)

    def _stop(self) -> None:
        self.flags |= _STOPF
        device = self._device
        if device:
            device.stop_condition()
        self.addressed = False

    def _read_status(self) -> int:
        return _TXE | self.flags | (_RXNE if self.received else 0)

    def _clear(self, value: int) -> None:
        self.flags &= ~(value & (_STOPF | _NACKF))
        self._update_interrupt()

    def _receive(self) -> int:
        if not self.received:
            return 0
        value = self.received.pop(0)
        if not self.received:
            self._complete()
        self._update_interrupt()
        return value

    def _send(self, value: int) -> None:
        device = self._device
        if device:
            self.sent.append(value)
            self._deliver(device)
        self._update_interrupt()

    def _deliver(self, device: I2CDevice) -> None:
        if len(self.sent) == self._count:
            device.write_bytes(bytes(self.sent))
            self.sent.clear()
            self._complete()

    def _complete(self) -> None:
        """NBYTES bytes were transferred."""
        if self.CR2 & _RELOAD:
            self.flags |= _TCR
        else:
            self.flags &= ~_TXIS
        if self.CR2 & _AUTOEND:
            self._stop()
        elif not self.CR2 & _RELOAD:
            self.flags |= _TC

    def _update_interrupt(self) -> None:
        enabled = (
            (_TC | _TCR if self.CR1 & _TCIE else 0)
            | (_TXIS if self.CR1 & _TXIE else 0)
            | (_RXNE if self.CR1 & _RXIE else 0)
            | (_NACKF if self.CR1 & _NACKIE else 0)
            | (_STOPF if self.CR1 & _STOPIE else 0)
        )
        self.event_interrupt.set(bool(self._read_status() & enabled))
