"""A camera module: its own chip on SPI, and the sensor chip behind it on I2C."""

from __future__ import annotations

from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.devices.ov2640 import OV2640
from lab.engines.builtin.devices.spi_device import SPIDevice
from lab.engines.builtin.peripheral import Board
from lab.errors import ConfigurationError, RecordingError
from lab.signals import picture
from lab.signals.signal import Signal

_CHIP_SELECT = 0
_WRITE = 0x80
_TEST, _FIFO_CONTROL, _BURST_READ, _SINGLE_READ, _VERSION, _TRIGGER, _SIZE = 0x00, 0x04, 0x3C, 0x3D, 0x40, 0x41, 0x42
_MINI_2MP_PLUS = 0x73
_CLEAR_DONE, _START_CAPTURE, _RESET_READING = 1 << 0, 1 << 1, 1 << 4
_DONE = 1 << 3
_MOST_BYTES = 0x7F_FFFF
"""Of a frame, whose size is told in 23 bits."""


class ArduCAMMini2MPPlus(SPIDevice, I2CDevice):
    """ArduCAM Mini 2MP Plus. ArduCAM's hardware application note, revision 1.0, and its Arduino library.

    As in Renode a capture takes no time and gives the picture that it was fed last, whatever the settings, and an empty
    one before that; a byte behind the picture's end reads 0; input 0 is the chip select, whose rise ends a transfer,
    and bytes are taken without it. Unlike Renode's it has its version, SINGLE_READ, and the reset of the reading
    position.
    """

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.sensor = OV2640()
        self.picture = b""

    def reset(self) -> None:
        """Back to the state after power-on. As in Renode it goes on seeing what it saw."""
        super().reset()
        self.sensor.reset()
        self.selected = False
        self.command: int | None = None
        self.test = 0
        self.done = False
        self.frame = b""
        self.position = 0

    def feed(self, signal: Signal) -> None:
        """What it sees from now on. Raises RecordingError for what is no picture, or has no room in its memory."""
        content = picture.content_of(signal, self.name)
        if len(content) > _MOST_BYTES:
            raise RecordingError(
                f"{self.name} has room for {_MOST_BYTES:,} bytes; this picture has {len(content):,}.",
                remedy="Save it smaller.",
                code="recording-broken",
            )
        self.picture = content

    def on_input(self, number: int, level: bool) -> None:
        """The chip select, low while it is selected."""
        if number != _CHIP_SELECT:
            raise ConfigurationError(
                f"{self.name} has no input {number}.",
                remedy="Lead the pin that selects it to input 0.",
                code="platform-description",
            )
        if self.selected and level:
            self.command = None
        self.selected = not level

    def transmit(self, byte: int) -> int:
        """The first byte of a transfer is a register's address, with its highest bit to write; then come its values."""
        if self.command is None:
            self.command = byte
            return 0
        if not self.command & _WRITE:
            return self._read(self.command)
        self._write(self.command & ~_WRITE, byte)
        return 0

    def write_bytes(self, data: bytes) -> None:
        """To the sensor chip."""
        for byte in data:
            self.sensor.write(byte)

    def read_byte(self) -> bytes:
        """From the sensor chip."""
        return bytes([self.sensor.read()])

    def stop_condition(self) -> None:
        """To the sensor chip."""
        self.sensor.stop()

    def _read(self, register: int) -> int:
        if register in (_BURST_READ, _SINGLE_READ):
            return self._next()
        if register in range(_SIZE, _SIZE + 3):
            return len(self.frame) >> 8 * (register - _SIZE) & 0xFF
        return {_TEST: self.test, _VERSION: _MINI_2MP_PLUS, _TRIGGER: _DONE * self.done}.get(register, 0)

    def _next(self) -> int:
        self.position += 1
        return self.frame[self.position - 1] if self.position <= len(self.frame) else 0

    def _write(self, register: int, value: int) -> None:
        if register == _TEST:
            self.test = value
        elif register == _FIFO_CONTROL:
            if value & _CLEAR_DONE:
                self.done = False
            if value & _RESET_READING:
                self.position = 0
            if value & _START_CAPTURE:
                self.frame, self.position, self.done = self.picture, 0, True
