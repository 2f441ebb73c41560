"""The I2C master without EasyDMA."""

from __future__ import annotations

from lab.engines.builtin.devices.i2c_bus import I2CBus
from lab.engines.builtin.devices.nordic import NordicPeripheral, event
from lab.engines.builtin.peripheral import Board, register

_ENABLED = 5
_BB_STOP = 2
_ADDRESS_NACK = 2


class NRF52840_I2C(NordicPeripheral, I2CBus):
    """TWI. nRF52840 product specification 1.7, chapter 6.29. TWIM (EasyDMA) is not modelled.

    As in Renode: bytes take no time and reach the device together, at the next START or at STOP; a missing device is
    told by ERROR with ERRORSRC.ANACK at the first byte sent, and ERRORSRC keeps it until 0 is written (silicon clears
    with 1). A missing device that is read gives neither data nor error.
    """

    TASKS_STARTRX = register(0x000, write="start_reading")
    TASKS_STARTTX = register(0x008, write="start_writing")
    TASKS_STOP = register(0x014, write="stop")
    TASKS_RESUME = register(0x020, write="resume")
    EVENTS_STOPPED = event(0x104)
    EVENTS_RXDREADY = event(0x108)
    EVENTS_TXDSENT = event(0x11C)
    EVENTS_ERROR = event(0x124)
    SHORTS = register(0x200)
    ERRORSRC = register(0x4C4, bits=3)
    ENABLE = register(0x500, bits=4)
    PSEL_SCL = register(0x508, reset=0xFFFF_FFFF)
    PSEL_SDA = register(0x50C, reset=0xFFFF_FFFF)
    RXD = register(0x518, bits=8, read="receive", read_only=True)
    TXD = register(0x51C, bits=8, write="send")
    FREQUENCY = register(0x524, reset=0x0400_0000)
    ADDRESS = register(0x588, bits=7)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.sent = bytearray()
        self.received = bytearray()
        self.in_transfer = False

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.sent.clear()
        self.received.clear()
        self.in_transfer = False

    def start_reading(self, value: int) -> None:
        """TASKS_STARTRX."""
        if value & 1:
            self._begin()
            self._fetch()

    def start_writing(self, value: int) -> None:
        """TASKS_STARTTX."""
        if value & 1:
            self._begin()

    def resume(self, value: int) -> None:
        """TASKS_RESUME: read on."""
        if value & 1 and self.in_transfer:
            self._fetch()

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1:
            self._end()

    def send(self, value: int) -> None:
        """TXD."""
        if self.ADDRESS in self.devices:
            self.sent.append(value)
            self.EVENTS_TXDSENT = 1
        else:
            self.ERRORSRC |= _ADDRESS_NACK
            self.EVENTS_ERROR = 1

    def receive(self) -> int:
        """RXD."""
        if self.ENABLE != _ENABLED:
            return 0
        device = self.devices.get(self.ADDRESS)
        if not self.received and device:
            self.received += device.read_byte()
        value = self.received.pop(0) if self.received else 0
        if self.SHORTS & _BB_STOP:
            self._end()
            self.update_interrupt()
        return value

    def _begin(self) -> None:
        self.in_transfer = True
        self._flush()
        self.received.clear()

    def _fetch(self) -> None:
        device = self.devices.get(self.ADDRESS)
        if device:
            if not self.received:
                self.received += device.read_byte()
            self.EVENTS_RXDREADY = 1

    def _flush(self) -> None:
        device = self.devices.get(self.ADDRESS)
        if self.ENABLE == _ENABLED and self.sent and device:
            device.write_bytes(bytes(self.sent))
            self.sent.clear()

    def _end(self) -> None:
        self.in_transfer = False
        self._flush()
        device = self.devices.get(self.ADDRESS)
        if device:
            device.stop_condition()
        self.EVENTS_STOPPED = 1
