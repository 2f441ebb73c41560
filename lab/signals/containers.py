"""Whether a sound file has all the samples that its container promises: libsndfile plays what is left and says nothing.

RIFF, RIFX, RF64, BW64 (EBU Tech 3306), AIFF and AIFF-C, Sony's Wave64, Apple's CAF, and NeXT's AU.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

_UNKNOWN_SIZE = 0x7FFF_0000  # programs that write a WAV to a pipe put this or more where the size belongs
_MOST_CHUNKS = 10_000
_W64_RIFF = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"


@dataclass(frozen=True)
class _Layout:
    """Chunks from byte `begin` on: how a head is packed, how they are aligned, which of them has the samples."""

    begin: int
    head: str
    align: int
    samples: bytes
    counts_its_head: bool = False
    """Whether the size in a head is that of head and content."""


_LAYOUTS = {
    (b"RIFF", b"WAVE"): _Layout(12, "<4sI", 2, b"data"),
    (b"RIFX", b"WAVE"): _Layout(12, ">4sI", 2, b"data"),
    (b"RF64", b"WAVE"): _Layout(12, "<4sI", 2, b"data"),
    (b"BW64", b"WAVE"): _Layout(12, "<4sI", 2, b"data"),
    (b"FORM", b"AIFF"): _Layout(12, ">4sI", 2, b"SSND"),
    (b"FORM", b"AIFC"): _Layout(12, ">4sI", 2, b"SSND"),
}
_W64 = _Layout(40, "<4s12xQ", 8, b"data", counts_its_head=True)
_CAF = _Layout(8, ">4sQ", 1, b"data")


def missing(file: BinaryIO, size: int) -> int:
    """Bytes of samples that are promised and lie beyond `size`, the file's; 0 too for forms that promise none."""
    beginning = file.read(32)
    if beginning[:4] == b".snd" and len(beginning) >= 12:
        start, length = struct.unpack_from(">II", beginning, 4)
        return 0 if length >= _UNKNOWN_SIZE else max(0, start + length - size)
    layout = _layout(beginning)
    return _beyond(file, size, layout) if layout else 0


def _layout(beginning: bytes) -> _Layout | None:
    if beginning[:16] == _W64_RIFF:
        return _W64
    if beginning[:4] == b"caff":
        return _CAF
    return _LAYOUTS.get((beginning[:4], beginning[8:12]))


def _beyond(file: BinaryIO, size: int, layout: _Layout) -> int:
    position, large = layout.begin, None
    heads = struct.Struct(layout.head)
    for _ in range(_MOST_CHUNKS):
        file.seek(position)
        head = file.read(heads.size)
        if len(head) < heads.size:
            break
        name, length = heads.unpack(head)
        content = position + heads.size
        if name == b"ds64":
            sizes = file.read(16)
            large = struct.unpack("<8xQ", sizes)[0] if len(sizes) == 16 else None
        end = position + length if layout.counts_its_head else content + length
        if name == layout.samples:
            return max(0, _end_of_samples(content, end, length, large) - size)
        position = max(content, end + -end % layout.align)
        if position >= size:
            break
    return 0


def _end_of_samples(content: int, end: int, length: int, large: int | None) -> int:
    """Where they end; where they begin if nobody knew when the head was written."""
    if large is not None and length == 0xFFFF_FFFF:
        return content + large
    return content if _UNKNOWN_SIZE <= length < 2**32 or length >= 2**63 else end
