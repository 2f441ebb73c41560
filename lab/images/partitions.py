"""The table of partitions in an Espressif chip's flash: ESP-IDF Programming Guide, "Partition Tables"."""

from __future__ import annotations

import hashlib
import struct

OFFSET = 0x8000
"""Where in flash it is, unless a project says otherwise."""

_MAGIC = b"\xaa\x50"
_ENTRY = struct.Struct("<2s2B2I16sI")
_TABLE_BYTES = 0xC00
_APPLICATION, _DATA = 0, 1
_FACTORY, _PHY, _NVS = 0, 1, 2
_SINGLE = (
    ("nvs", _DATA, _NVS, 0x9000, 0x6000),
    ("phy_init", _DATA, _PHY, 0xF000, 0x1000),
    ("factory", _APPLICATION, _FACTORY, 0x1_0000, 0x3F_0000),
)


def are_in(flash: bytes) -> bool:
    """Whether the content of a flash has a table there."""
    return flash.startswith(_MAGIC, OFFSET)


def single_application() -> bytes:
    """One application at 0x10000, without updates over the air, in a flash of 4 MiB."""
    entries = b"".join(
        _ENTRY.pack(_MAGIC, kind, subtype, at, size, name.encode(), 0) for name, kind, subtype, at, size in _SINGLE
    )
    digest = b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(entries, usedforsecurity=False).digest()
    return (entries + digest).ljust(_TABLE_BYTES, b"\xff")
