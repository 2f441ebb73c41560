"""The I2C master."""

from __future__ import annotations

from lab.engines.builtin.devices.i2c_bus import I2CBus
from lab.engines.builtin.devices.nordic import SerialPeripheral, event
from lab.engines.builtin.peripheral import Board, register

_TWI, _TWIM = 5, 6
_BB_STOP = 2
_ADDRESS_NACK = 2
_START_AND_ADDRESS, _BYTE, _STOP = 10, 9, 1
"""Bits on the bus, the acknowledgement included."""
_SECOND_NS, _CLOCK = 10**9, 16_000_000
_LASTTX_STARTRX, _LASTTX_SUSPEND, _LASTTX_STOP = 1 << 7, 1 << 8, 1 << 9
_LASTRX_STARTTX, _LASTRX_SUSPEND, _LASTRX_STOP = 1 << 10, 1 << 11, 1 << 12


class NRF52840_I2C(SerialPeripheral, I2CBus):
    """TWI, and with ENABLE = 6 TWIM. nRF52840 product specification 1.7, chapters 6.30 and 6.31.

    TWIM, which Renode lacks: a missing device is an address NACK. SPIM at the same addresses is not modelled.

    TWI, as in Renode: bytes reach the device together, at the next START or at STOP; a missing device is told by ERROR
    with ERRORSRC.ANACK at the first byte sent, and ERRORSRC keeps it until 0 is written (silicon clears with 1). A
    missing device that is read gives neither data nor error.

    As in Renode bytes take no time, save where firmware of others runs: there events come after as many bits of
    FREQUENCY as a transfer has. Data are moved when it begins.
    """

    TASKS_STARTRX = register(0x000, write="start_reading")
    TASKS_STARTTX = register(0x008, write="start_writing")
    TASKS_STOP = register(0x014, write="stop")
    TASKS_SUSPEND = register(0x01C, write="suspend")
    TASKS_RESUME = register(0x020, write="resume")
    EVENTS_STOPPED = event(0x104)
    EVENTS_RXDREADY = event(0x108)
    EVENTS_TXDSENT = event(0x11C)
    EVENTS_ERROR = event(0x124)
    EVENTS_SUSPENDED = event(0x148)
    EVENTS_RXSTARTED = event(0x14C)
    EVENTS_TXSTARTED = event(0x150)
    EVENTS_LASTRX = event(0x15C)
    EVENTS_LASTTX = event(0x160)
    ERRORSRC = register(0x4C4, bits=3, write="clear_errors")
    PSEL_SCL = register(0x508, reset=0xFFFF_FFFF)
    PSEL_SDA = register(0x50C, reset=0xFFFF_FFFF)
    RXD = register(0x518, bits=8, read="receive", read_only=True)
    TXD = register(0x51C, bits=8, write="send")
    FREQUENCY = register(0x524, reset=0x0400_0000)
    RXD_LIST = register(0x540)
    TXD_LIST = register(0x550)
    ADDRESS = register(0x588, bits=7)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._fixed |= {"takes_time"}
        self.takes_time = board.as_silicon
        self.sent = bytearray()
        self.received = bytearray()
        self.in_transfer = False
        self.next = self.alarm(self._on_time)

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.sent.clear()
        self.received.clear()
        self.in_transfer = False
        self.awaited: list[tuple[int, str]] = []
        """Events of what is on the bus, in order: when each comes, and its register."""
        self.addressing = 0
        """Bits that go before the next byte."""

    def start_reading(self, value: int) -> None:
        """TASKS_STARTRX."""
        if value & 1 and self.ENABLE == _TWIM:
            self._read_all()
        elif value & 1:
            self._begin()
            self._fetch()

    def start_writing(self, value: int) -> None:
        """TASKS_STARTTX."""
        if value & 1 and self.ENABLE == _TWIM:
            self._write_all()
        elif value & 1:
            self._begin()

    def resume(self, value: int) -> None:
        """TASKS_RESUME: read on."""
        if value & 1 and self.in_transfer:
            self._fetch()

    def clear_errors(self, value: int) -> None:
        """ERRORSRC: written bits go; of TWI it is, as in Renode, what is written."""
        self.ERRORSRC = self.ERRORSRC & ~value if self.ENABLE == _TWIM else value

    def suspend(self, value: int) -> None:
        """TASKS_SUSPEND: the next START goes on with the transfer."""
        if value & 1 and self.ENABLE == _TWIM:
            self._happen("EVENTS_SUSPENDED")

    def stop(self, value: int) -> None:
        """TASKS_STOP."""
        if value & 1:
            self._end()

    def send(self, value: int) -> None:
        """TXD."""
        if self.ADDRESS in self.devices:
            self.sent.append(value)
            self._happen("EVENTS_TXDSENT", self._address() + _BYTE)
        else:
            self._refuse()

    def receive(self) -> int:
        """RXD."""
        if self.ENABLE != _TWI:
            return 0
        device = self.devices.get(self.ADDRESS)
        if not self.received and device:
            self.received += device.read_byte()
        value = self.received.pop(0) if self.received else 0
        if self.SHORTS & _BB_STOP:
            self._end()
            self.update_interrupt()
        return value

    def _write_all(self) -> None:
        self.check_dma("TXD.PTR", self.TXD_PTR, self.TXD_MAXCNT)
        self._happen("EVENTS_TXSTARTED", _START_AND_ADDRESS)
        self.TXD_AMOUNT = 0
        device = self.devices.get(self.ADDRESS)
        if device is None:
            self._refuse()
            return
        if self.TXD_MAXCNT:
            device.write_bytes(self.bus.read(self.TXD_PTR, self.TXD_MAXCNT))
        self.TXD_AMOUNT = self.TXD_MAXCNT
        self._happen("EVENTS_LASTTX", _BYTE * self.TXD_MAXCNT)
        if self.SHORTS & _LASTTX_STARTRX:
            self._read_all()
        if self.SHORTS & _LASTTX_SUSPEND:
            self.suspend(1)
        if self.SHORTS & _LASTTX_STOP:
            self._end()

    def _read_all(self) -> None:
        self.check_dma("RXD.PTR", self.RXD_PTR, self.RXD_MAXCNT)
        self._happen("EVENTS_RXSTARTED", _START_AND_ADDRESS)
        self.RXD_AMOUNT = 0
        device = self.devices.get(self.ADDRESS)
        if device is None:
            self._refuse()
            return
        read = b"".join(bytes(device.read_byte()) for _ in range(self.RXD_MAXCNT))
        self.bus.write(self.RXD_PTR, read[: self.RXD_MAXCNT].ljust(self.RXD_MAXCNT, b"\xff"))
        self.RXD_AMOUNT = self.RXD_MAXCNT
        self._happen("EVENTS_LASTRX", _BYTE * self.RXD_MAXCNT)
        if self.SHORTS & _LASTRX_STARTTX:
            self._write_all()
        if self.SHORTS & _LASTRX_SUSPEND:
            self.suspend(1)
        if self.SHORTS & _LASTRX_STOP:
            self._end()

    def _refuse(self) -> None:
        self.ERRORSRC |= _ADDRESS_NACK
        self._happen("EVENTS_ERROR", self._address())

    def _begin(self) -> None:
        self.in_transfer = True
        self.addressing = _START_AND_ADDRESS
        self._flush()
        self.received.clear()

    def _fetch(self) -> None:
        device = self.devices.get(self.ADDRESS)
        if device:
            if not self.received:
                self.received += device.read_byte()
            self._happen("EVENTS_RXDREADY", self._address() + _BYTE)

    def _flush(self) -> None:
        device = self.devices.get(self.ADDRESS)
        if self.ENABLE == _TWI and self.sent and device:
            device.write_bytes(bytes(self.sent))
            self.sent.clear()

    def _end(self) -> None:
        self.in_transfer = False
        self._flush()
        device = self.devices.get(self.ADDRESS)
        if device:
            device.stop_condition()
        self._happen("EVENTS_STOPPED", _STOP)

    def _address(self) -> int:
        """The bits of the address, if it is still to be sent."""
        bits, self.addressing = self.addressing, 0
        return bits

    def _happen(self, event: str, bits: int = 0) -> None:
        """Raise an event; where bytes take time, after so many bits behind what is on the bus."""
        if not self.takes_time:
            setattr(self, event, 1)
            return
        before = self.awaited[-1][0] if self.awaited else self.now_ns
        self.awaited.append((before + bits * (_SECOND_NS << 32) // (max(self.FREQUENCY, 1) * _CLOCK), event))
        self.next.start(self.awaited[0][0])

    def _on_time(self, _due_ns: int) -> None:
        _, event = self.awaited.pop(0)
        setattr(self, event, 1)
        if self.awaited:
            self.next.start(self.awaited[0][0])
        self.update_interrupt()
