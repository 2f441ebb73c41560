"""The controller of the flash."""

from __future__ import annotations

from lab.engines.builtin.devices.nrf52840_uicr import NRF52840_UICR
from lab.engines.builtin.peripheral import Board, Peripheral, register
from lab.errors import DeviceFault

_WRITE, _ERASE, _PARTIAL = 1, 2, 4
_PAGE = 4096
_FLASH = 1 << 20


class NRF52840_NVMC(Peripheral):
    """NVMC. nRF52840 product specification 1.7, chapter 4.3. Renode has no model of it.

    Erasing takes no time (silicon: 85 ms a page, in which the core stands) and needs CONFIG.WEN. Flash itself is
    memory: stores write it whatever CONFIG is, and overwrite what silicon would only clear bits of. UICR is only
    written while CONFIG.WEN says so. ACL, which shares the addresses, protects nothing.
    """

    READY = register(0x400, reset=1, read_only=True)
    READYNEXT = register(0x408, reset=1, read_only=True)
    CONFIG = register(0x504, bits=3, write="configure")
    ERASEPAGE = register(0x508, write="erase_page")
    ERASEALL = register(0x50C, write="erase_all")
    ERASEUICR = register(0x514, write="erase_uicr")
    ERASEPAGEPARTIAL = register(0x518, write="erase_page_in_parts")
    ERASEPAGEPARTIALCFG = register(0x51C, reset=10, bits=7)
    ICACHECNF = register(0x540)
    IHIT = register(0x548)
    IMISS = register(0x54C)

    def __init__(self, board: Board, *, uicr: NRF52840_UICR) -> None:
        super().__init__(board)
        self._fixed |= {"uicr"}
        self.uicr = uicr

    def configure(self, value: int) -> None:
        """CONFIG.WEN."""
        self.CONFIG = value
        self.uicr.writable = value == _WRITE

    def erase_page(self, value: int) -> None:
        """ERASEPAGE: the page at that address."""
        self._erase("ERASEPAGE", value, _ERASE)

    def erase_page_in_parts(self, value: int) -> None:
        """ERASEPAGEPARTIAL: several make an erased page on silicon; here the first one does."""
        self._erase("ERASEPAGEPARTIAL", value, _ERASE, _PARTIAL)

    def erase_all(self, value: int) -> None:
        """ERASEALL: flash and UICR."""
        if value & 1 and self.CONFIG == _ERASE:
            self.bus.write(0, b"\xff" * _FLASH)
            self.uicr.erase()

    def erase_uicr(self, value: int) -> None:
        """ERASEUICR."""
        if value & 1 and self.CONFIG == _ERASE:
            self.uicr.erase()

    def _erase(self, register_name: str, address: int, *modes: int) -> None:
        if address % _PAGE or address >= _FLASH:
            raise DeviceFault(
                f"{self.name}: {register_name} = {address:#010x} is not the start of a page of flash.",
                remedy="Erase whole pages of 4,096 bytes, by their first address.",
                code="device-misused",
            )
        if self.CONFIG in modes:
            self.bus.write(address, b"\xff" * _PAGE)
