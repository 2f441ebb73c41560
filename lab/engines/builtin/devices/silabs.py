"""What the devices of Silicon Labs' EFM32 and EZR32 have in common: a serial port, and the page of identity."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from lab.engines.builtin.peripheral import Board, Memory, Peripheral, register
from lab.errors import ConfigurationError

TXC, TXBL, RXDATAV = 1 << 0, 1 << 1, 1 << 2
"""Of IF and IEN."""
_FAMILIES = {
    "EFM32G": 71,
    "EFM32GG": 72,
    "EFM32TG": 73,
    "EFM32LG": 74,
    "EFM32WG": 75,
    "EFM32ZG": 76,
    "EFM32HG": 77,
    "EFM32PG1B": 81,
    "EFM32JG1B": 83,
    "EFM32PG12B": 85,
    "EFM32JG12B": 87,
    "EZR32LG": 120,
    "EZR32WG": 121,
    "EZR32HG": 122,
}
_KB = 1024


class EFM32SerialPort(Peripheral):
    """Base of USART and LEUART: a byte takes no time, the transmitter is always ready, bytes wait without an end."""

    size = 0x400

    CTRL = register(0x000)
    RXDATAX = register(0x018, read="_take", read_only=True)
    RXDATA = register(0x01C, read="_take", read_only=True)
    ROUTE = register(0x054)

    status_bits: ClassVar[Mapping[int, int]] = MappingProxyType({})
    """Where STATUS shows the flags TXC, TXBL and RXDATAV."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.waiting = bytearray()

    def reset(self) -> None:
        """Nothing has come."""
        super().reset()
        self.waiting.clear()
        self.flags, self.enabled = 0, 0

    @property
    def listens(self) -> bool:
        """As in Renode, whether its receiver is on or not."""
        return True

    def accept(self, data: bytes) -> None:
        """Bytes arrive."""
        self.waiting += data
        self.update_interrupts()

    @property
    def raised(self) -> int:
        """IF, as far as it is enabled."""
        return self._read_flags() & self.enabled

    def update_interrupts(self) -> None:
        """Drive the interrupts."""
        self.irq.set(bool(self.raised))

    def _read_flags(self) -> int:
        return self.flags | TXBL | (RXDATAV if self.waiting else 0)

    def _status(self) -> int:
        flags = self._read_flags()
        return sum(shown for flag, shown in self.status_bits.items() if flags & flag)

    def _take(self) -> int:
        taken = self.waiting.pop(0) if self.waiting else 0
        self.update_interrupts()
        return taken

    def _send(self, value: int) -> None:
        self.output(bytes([value & 0xFF]))
        self.flags |= TXC
        self.update_interrupts()

    def _set_flags(self, value: int) -> None:
        self.flags |= value & TXC
        self.update_interrupts()

    def _clear_flags(self, value: int) -> None:
        self.flags &= ~value
        self.update_interrupts()

    def _enables(self) -> int:
        return self.enabled

    def _enable(self, value: int) -> None:
        self.enabled = value
        self.update_interrupts()


class DeviceInformation(Peripheral):
    """Base of the page of identity: family, number and memories, as a description has them; no calibration."""

    UNIQUEL = register(0x03C, read_only=True)
    UNIQUEH = register(0x040, read_only=True)
    MSIZE = register(0x044, read="_memories", read_only=True, steady=True)
    PART = register(0x048, read="_part", read_only=True, steady=True)

    def __init__(
        self,
        board: Board,
        *,
        device_family: str,
        device_number: int,
        flash_device: Memory,
        sram_device: Memory,
        product_revision: int = 0,
    ) -> None:
        super().__init__(board)
        if device_family not in _FAMILIES:
            raise ConfigurationError(
                f"{self.name}: no family {device_family!r} is known.",
                remedy=f"Name one of {', '.join(_FAMILIES)}.",
                code="platform-description",
            )
        self.part_number = product_revision << 24 | _FAMILIES[device_family] << 16 | device_number
        self.memories = sram_device.size // _KB << 16 | flash_device.size // _KB & 0xFFFF

    def _memories(self) -> int:
        return self.memories

    def _part(self) -> int:
        return self.part_number
