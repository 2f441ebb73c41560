"""UF2, which boards with a drive for a bootloader take: Microsoft, USB Flashing Format, github.com/microsoft/uf2."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from lab.image import Image, Segment

TITLE = "UF2"

_BLOCK = 512
_FIRST, _SECOND, _LAST = 0x0A32_4655, 0x9E5D_5157, 0x0AB1_6F30
_HEAD = struct.Struct("<8I")
_MOST_DATA = 476
_NOT_FOR_FLASH, _HOLDS_FILES = 1 << 0, 1 << 12


def recognises(content: bytes) -> bool:
    """By the first two words."""
    return content[:8] == struct.pack("<2I", _FIRST, _SECOND)


def image(path: Path, content: bytes) -> Image:
    """The image of its blocks. Raises ValueError for a damaged one."""
    return Image(path, _joined(_blocks(content)))


def _blocks(content: bytes) -> Iterator[tuple[int, bytes]]:
    if len(content) % _BLOCK:
        raise ValueError(f"is damaged: it has {len(content):,} bytes, no multiple of {_BLOCK}")
    for at in range(0, len(content), _BLOCK):
        first, second, flags, address, size, *_ = _HEAD.unpack_from(content, at)
        last = int.from_bytes(content[at + _BLOCK - 4 : at + _BLOCK], "little")
        if (first, second, last) != (_FIRST, _SECOND, _LAST) or size > _MOST_DATA:
            raise ValueError(f"is damaged in its block {at // _BLOCK}")
        if flags & _HOLDS_FILES:
            raise ValueError("holds files, not a firmware")
        if size and not flags & _NOT_FOR_FLASH:
            yield address, content[at + _HEAD.size : at + _HEAD.size + size]


def _joined(blocks: Iterator[tuple[int, bytes]]) -> Iterator[Segment]:
    """One segment for blocks that follow each other."""
    begins, held = 0, bytearray()
    for address, data in sorted(blocks, key=lambda block: block[0]):
        if held and address != begins + len(held):
            yield Segment(begins, bytes(held))
            held = bytearray()
        if not held:
            begins = address
        held += data
    if held:
        yield Segment(begins, bytes(held))
