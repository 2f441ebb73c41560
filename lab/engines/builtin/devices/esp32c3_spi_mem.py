"""The SPI controller of the ESP32-C3 that software reaches the flash with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.devices.norflash import NorFlash
from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank
from lab.errors import ConfigurationError

_WORDS = 16
_READ, _WREN, _WRDI, _RDID, _RDSR, _WRSR, _PP, _SE, _BE, _CE, _USR = (
    1 << 31, 1 << 30, 1 << 29, 1 << 28, 1 << 27, 1 << 26, 1 << 25, 1 << 24, 1 << 23, 1 << 22, 1 << 18,
)  # fmt: skip
_COMMANDS = {_WREN: 0x06, _WRDI: 0x04, _SE: 0x20, _BE: 0xD8, _CE: 0xC7}
_ADDRESS, _MISO, _MOSI = 1 << 30, 1 << 28, 1 << 27
_TWO_BYTES = 1 << 22


class ESP32C3_SPI_MEM(Block):
    """SPI1, for the flash. ESP-IDF, soc/spi_mem_reg.h; the manual, 1.1, describes the like of it in chapter 27.

    A transfer takes no time; modes, pads, clocks and dummy cycles change nothing. There is no suspending, and no
    interrupt. Of more bytes than W has room for the first ones are kept. A flash is registered on it at 0.
    """

    RESETS: ClassVar[Mapping[int, int]] = {
        0x08: 0x002C_A000, 0x0C: 0xFFC, 0x14: 0x0003_0103, 0x18: 0x8000_0000, 0x1C: 0x5C00_0007, 0x20: 0x7000_0000,
        0x34: 2, 0x38: 0xFFFF_FFFF, 0x98: 0x14, 0x9C: 0x0800_2000, 0xA0: 0x0005_757A, 0xDC: 1, 0x3FC: 0x0200_7170,
    }  # fmt: skip

    CMD = register(0x00, write="_start")
    ADDR = register(0x04)
    CTRL = register(0x08)
    USER = register(0x18)
    USER1 = register(0x1C)
    USER2 = register(0x20)
    MOSI_DLEN = register(0x24, bits=10)
    MISO_DLEN = register(0x28, bits=10)
    RD_STATUS = register(0x2C)
    W = register_bank(0x58, count=_WORDS)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._fixed |= {"flash"}
        self.flash: NorFlash | None = None

    def attach(self, child: Peripheral, address: int | None) -> None:
        """A flash is soldered to it."""
        if not isinstance(child, NorFlash) or address != 0:
            raise ConfigurationError(
                f"{self.name} takes a NorFlash at 0.",
                remedy="Write it like `flash: SPI.NorFlash @ spi1 0`.",
                code="platform-description",
            )
        self.flash = child

    def _start(self, value: int) -> None:
        """Every transfer is over before the bit that starts it can be read."""
        if value & _USR:
            self._user()
        elif value & _READ:
            self._keep(self._execute(0x03, self.ADDR, b"", self.MISO_DLEN // 8 + 1))
        elif value & _RDID:
            self._keep(self._execute(0x9F, 0, b"", 3))
        elif value & _RDSR:
            self.RD_STATUS = self._execute(0x05, 0, b"", 1)[0]
        elif value & _WRSR:
            self._execute(0x01, 0, self.RD_STATUS.to_bytes(4, "little")[: 2 if self.CTRL & _TWO_BYTES else 1], 0)
        elif value & _PP:
            # The address has 24 bits; above them is the number of bytes.
            self._execute(0x02, self.ADDR & 0xFF_FFFF, self._words()[: self.ADDR >> 24], 0)
        for bit, command in _COMMANDS.items():
            if value & bit:
                self._execute(command, self.ADDR & 0xFF_FFFF, b"", 0)

    def _user(self) -> None:
        sent = self._words()[: self.MOSI_DLEN // 8 + 1] if self.USER & _MOSI else b""
        wanted = self.MISO_DLEN // 8 + 1 if self.USER & _MISO else 0
        # With four bytes of address the whole register counts; a command without an address has none to look at.
        bits = (self.USER1 >> 26) + 1 if self.USER & _ADDRESS else 0
        address = self.ADDR & (1 << min(bits, 32)) - 1
        self._keep(self._execute(self.USER2 & 0xFF, address, sent, wanted))

    def _execute(self, command: int, address: int, sent: bytes, wanted: int) -> bytes:
        return self.flash.execute(command, address, sent, wanted) if self.flash else b"\xff" * wanted

    def _words(self) -> bytes:
        return b"".join(self.W[index].to_bytes(4, "little") for index in range(_WORDS))

    def _keep(self, received: bytes) -> None:
        for index in range(0, min(len(received), 4 * _WORDS), 4):
            self.W[index // 4] = int.from_bytes(received[index : index + 4], "little")
