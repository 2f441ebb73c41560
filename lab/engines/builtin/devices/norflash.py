"""A flash chip at a SPI controller."""

from __future__ import annotations

from collections.abc import Callable

from lab.engines.builtin.peripheral import Board, Peripheral
from lab.errors import ConfigurationError

_WRITE_STATUS, _PROGRAM, _READ, _READ_STATUS, _WRITE_ENABLE, _FAST_READ = 0x01, 0x02, 0x03, 0x05, 0x06, 0x0B
_WRITE_DISABLE, _READ_STATUS_2, _READ_STATUS_3, _WRITE_STATUS_2 = 0x04, 0x35, 0x15, 0x31
_READS = (_READ, _FAST_READ, 0x3B, 0x6B, 0xBB, 0xEB)
_ERASES = {0x20: 0x1000, 0x52: 0x8000, 0xD8: 0x10000}
_ERASE_CHIP = (0x60, 0xC7)
_JEDEC_ID, _DEVICE_ID, _UNIQUE_ID, _SFDP = 0x9F, 0x90, 0x4B, 0x5A
_WEL, _QE = 1 << 1, 1 << 1
_MANUFACTURER, _TYPE = 0xEF, 0x40
_SECTOR, _PAGE = 0x1000, 0x100
_SMALLEST, _LARGEST = 0x1_0000, 1 << 28


class NorFlash(Peripheral):
    """A NOR flash with a serial interface: the commands that such chips have in common, JEDEC JESD216.

    It holds what firmware programs until the next load. Nothing takes time: it is never busy. Nothing is protected,
    and it has no table of parameters (SFDP).
    """

    def __init__(self, board: Board, *, size: int) -> None:
        super().__init__(board)
        if not _SMALLEST <= size <= _LARGEST or size & (size - 1):
            raise ConfigurationError(
                f"{self.name} has a size of {size:,} bytes, where such chips have a power of two.",
                remedy=f"Write a size from {_SMALLEST:#x} to {_LARGEST:#x}, such as `size: 0x400000`.",
                code="platform-description",
            )
        self._fixed |= {"changed", "least"}
        self.least = self.bytes = size
        self.changed: Callable[[int, int], None] = lambda _at, _size: None
        self.loaded = b""
        """What it held at the start; `sectors` are those that were changed since."""
        self.sectors: dict[int, bytes] = {}

    def reset(self) -> None:
        """Its registers; what it holds stays."""
        super().reset()
        self.status, self.status_2 = 0, _QE

    def fill(self, content: bytes) -> None:
        """Hold this, and behind it nothing but erased bytes. A larger content makes a larger chip."""
        self.bytes = max(self.least, 1 << max(len(content) - 1, 0).bit_length())
        self.loaded, self.sectors = content, {}

    def content(self, at: int, size: int) -> bytes:
        """`size` bytes from `at` on; behind its end it begins anew."""
        parts, end = [], at + size
        while at < end:
            begin = at % self.bytes
            part = min(end - at, _SECTOR - begin % _SECTOR)
            parts.append(self._sector(begin // _SECTOR)[begin % _SECTOR : begin % _SECTOR + part])
            at += part
        return b"".join(parts)

    def _sector(self, number: int) -> bytes:
        changed = self.sectors.get(number)
        if changed is not None:
            return changed
        return self.loaded[number * _SECTOR : (number + 1) * _SECTOR].ljust(_SECTOR, b"\xff")

    def execute(self, command: int, address: int, sent: bytes, wanted: int) -> bytes:
        """One transfer: the command, what follows it, and the `wanted` bytes that the chip answers."""
        if command in _READS:
            return self.content(address, wanted)
        if command == _WRITE_ENABLE:
            self.status |= _WEL
        elif command == _WRITE_DISABLE:
            self.status &= ~_WEL
        elif self.status & _WEL:
            self._change(command, address, sent)
        return self._answer(command, wanted)

    def _answer(self, command: int, wanted: int) -> bytes:
        answers = {
            _READ_STATUS: bytes([self.status]),
            _READ_STATUS_2: bytes([self.status_2]),
            _READ_STATUS_3: b"\0",
            _JEDEC_ID: bytes([_MANUFACTURER, _TYPE, self.bytes.bit_length() - 1]),
            _DEVICE_ID: bytes([_MANUFACTURER, self.bytes.bit_length() - 2]),
            _UNIQUE_ID: b"\0lab\0lab\0lab",
        }
        return answers.get(command, b"\0")[:wanted].ljust(wanted, b"\0" if command != _SFDP else b"\xff")

    def _change(self, command: int, address: int, sent: bytes) -> None:
        if command == _PROGRAM:
            self._program(address, sent)
        elif command in _ERASES:
            size = _ERASES[command]
            self._erase(address // size * size, size)
        elif command in _ERASE_CHIP:
            self._erase(0, self.bytes)
        elif command == _WRITE_STATUS:
            self.status, self.status_2 = sent[0] & ~3 if sent else 0, sent[1] if len(sent) > 1 else self.status_2
        elif command == _WRITE_STATUS_2:
            self.status_2 = sent[0] if sent else 0
        else:
            return
        self.status &= ~_WEL

    def _program(self, address: int, data: bytes) -> None:
        """Bits can only be cleared; a page that ends begins anew."""
        page = address % self.bytes // _PAGE * _PAGE
        number, offset = page // _SECTOR, page % _SECTOR
        sector = bytearray(self._sector(number))
        for index, byte in enumerate(data):
            sector[offset + (address + index) % _PAGE] &= byte
        self.sectors[number] = bytes(sector)
        self.changed(page, _PAGE)

    def _erase(self, at: int, size: int) -> None:
        for number in range(at // _SECTOR, (at + size) // _SECTOR):
            self.sectors[number % (self.bytes // _SECTOR)] = b"\xff" * _SECTOR
        self.changed(at, size)
