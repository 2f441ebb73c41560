"""JPEG files of our own making: what a decoder of headers sees; what is in the scan is nothing but bytes."""

from __future__ import annotations

import struct

BASELINE, PROGRESSIVE = 0xC0, 0xC2


def jpeg(scan: bytes = b"scan", *, frame: int | None = BASELINE, end: bytes = b"\xff\xd9") -> bytes:
    """A picture of 160 x 120 in grey."""
    start_of_frame = b"" if frame is None else _segment(frame, struct.pack(">BHHBBBB", 8, 120, 160, 1, 1, 0x11, 0))
    tables = _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + _segment(0xDB, bytes(65)) + _segment(0xC4, bytes(17))
    return b"\xff\xd8" + tables + start_of_frame + _segment(0xDA, b"\1\1\0\0\x3f\0") + scan + end


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, 2 + len(content)) + content
