"""The flash's cache of the ESP32-C3, and its map of pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.chip_resets import Reset
from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.devices.norflash import NorFlash
from lab.engines.builtin.peripheral import Board, register, register_bank
from lab.image import Image
from lab.images import direct_boot, partitions

_ENTRIES, _PAGE = 128, 0x1_0000
_INVALID = 1 << 8
_CODE, _CONSTANTS = 0x4200_0000, 0x3C00_0000
_APPLICATION = 0x1_0000
_LOCKED, _SYNCED, _PRELOADED, _AUTOLOADED, _FROZEN = 1 << 2, 1 << 1, 1 << 1, 1 << 3, 1 << 2


class ESP32C3_EXTMEM(Block):
    """EXTMEM. ESP32-C3 technical reference manual 1.1, chapter 3.3.3; registers: ESP-IDF, soc/extmem_reg.h.

    MMU holds, for each 64 KiB behind 0x42000000 and behind 0x3C000000, the page of flash that is seen there; one that
    is invalid shows erased flash, where silicon raises an interrupt. The cache always agrees with the flash, at no
    cost, and is never off: what synchronises, locks, loads and freezes it is done at once.

    An image that brings segments for these addresses starts as the boot loader leaves it: its pages are mapped, to
    where its file has them in flash or one behind the other from 0x10000 on, and a table of partitions is there. One
    for direct boot is at the beginning of flash, and all of that is mapped, as the ROM does.
    """

    size = 0x2000
    RESETS: ClassVar[Mapping[int, int]] = {
        0x00: 1, 0x04: 0, 0x08: 5, 0x54: 0x4200_0000, 0x58: 0x427F_FFFF, 0x5C: 0x3C00_0000, 0x60: 0x3C7F_FFFF,
        0x94: 0xFFFF_FFFF, 0x9C: 0xFFFF_FFFF, 0xAC: 5, 0xB0: 1, 0xB8: 7, 0xC8: 7, 0xD0: 1, 0xE0: 0x800, 0xE4: 0x800,
        0xE8: 0xFF, 0xF4: 0x800, 0xF8: 0x800, 0xFC: 0xF, 0x100: 1, 0x3FC: 0x0200_7160,
    }  # fmt: skip

    ICACHE_LOCK_CTRL = register(0x1C, reset=_LOCKED, write="_lock")
    ICACHE_SYNC_CTRL = register(0x28, reset=_SYNCED, write="_synchronise")
    ICACHE_PRELOAD_CTRL = register(0x34, reset=_PRELOADED, write="_preload")
    ICACHE_AUTOLOAD_CTRL = register(0x40, reset=_AUTOLOADED, write="_autoload")
    ICACHE_FREEZE = register(0xCC, write="_freeze")
    MMU = register_bank(0x1000, count=_ENTRIES, reset=_INVALID, bits=9, write="_map")

    def __init__(self, board: Board, *, flash: NorFlash) -> None:
        super().__init__(board)
        self._fixed |= {"flash"}
        self.flash = flash
        flash.changed = self._on_flash_changed
        self.pages: dict[int, int] = {}
        """Those that the boot loader has mapped before the firmware starts."""

    def insert(self, image: Image) -> None:
        """Put the image into flash, and map what of it is seen through the cache."""
        if direct_boot.begins(image):
            content = {_offset(one.address): one.data for one in image.segments if _is_cached(one.address)}
            self.flash.fill(_joined(content))
            self.pages = {page: page for page in range(min(_ENTRIES, self.flash.bytes // _PAGE))}
        else:
            content = dict(image.flash) or {partitions.OFFSET: partitions.single_application()}
            self.pages = self._pages_of(image, content)
            self.flash.fill(_joined(content))
        self._map_pages()

    def reset_by(self, reset: Reset) -> None:  # noqa: ARG002
        """The flash keeps what it holds, and the boot loader maps the same pages."""
        self.reset()
        self._map_pages()

    def _map_pages(self) -> None:
        for page, behind in self.pages.items():
            self._map(page, behind)

    def _pages_of(self, image: Image, content: dict[int, bytes]) -> dict[int, int]:
        pages: dict[int, int] = {}
        free = _APPLICATION
        for segment in image.segments:
            if not _is_cached(segment.address):
                continue
            first, last = _page(segment.address), _page(segment.address + len(segment.data) - 1)
            for page in range(first, last + 1):
                if segment.stored is not None:
                    pages[page] = segment.stored // _PAGE + page - first
                elif page not in pages:
                    pages[page] = free // _PAGE
                    content[free] = self.bus.read(_CODE + page * _PAGE, _PAGE)
                    free += _PAGE
        return pages

    def _map(self, page: int, value: int) -> None:
        changed = self.MMU[page] != value
        self.MMU[page] = value
        if changed:
            self._show(page)

    def _show(self, page: int) -> None:
        value = self.MMU[page]
        content = b"\xff" * _PAGE if value & _INVALID else self.flash.content(value * _PAGE, _PAGE)
        self.bus.write(_CODE + page * _PAGE, content)

    def _on_flash_changed(self, at: int, size: int) -> None:
        behind = range(at // _PAGE, (at + size - 1) // _PAGE + 1)
        for page in range(_ENTRIES):
            if self.MMU[page] in behind:
                self._show(page)

    def _lock(self, value: int) -> None:
        self.ICACHE_LOCK_CTRL = value & ~3 | _LOCKED

    def _synchronise(self, value: int) -> None:
        self.ICACHE_SYNC_CTRL = value & ~1 | _SYNCED

    def _preload(self, value: int) -> None:
        self.ICACHE_PRELOAD_CTRL = value & ~1 | _PRELOADED

    def _autoload(self, value: int) -> None:
        self.ICACHE_AUTOLOAD_CTRL = value | _AUTOLOADED

    def _freeze(self, value: int) -> None:
        self.ICACHE_FREEZE = value & ~_FROZEN | (_FROZEN if value & 1 else 0)


def _is_cached(address: int) -> bool:
    return any(base <= address < base + _ENTRIES * _PAGE for base in (_CODE, _CONSTANTS))


def _offset(address: int) -> int:
    """From the first of the cache's addresses; both buses have the same pages."""
    return address % (_ENTRIES * _PAGE)


def _page(address: int) -> int:
    return _offset(address) // _PAGE


def _joined(content: Mapping[int, bytes]) -> bytes:
    flash = bytearray()
    for at, data in sorted(content.items()):
        flash += b"\xff" * (at - len(flash))
        flash[at : at + len(data)] = data
    return bytes(flash)
