"""Where a function returns to: the addresses behind the calls of it, found in the code of an ELF.

Arm DDI 0403E, A5.1 and A7.7.18 (BL); RISC-V unprivileged manual, chapters 2.5 and 16.4 (JAL, C.JAL, AUIPC with JALR).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from lab.image import Image

_RA = 1
_LONG_THUMB = 0b11101


class _Step(NamedTuple):
    """An instruction: how many bytes are to be passed, and how far from it what it calls is, if it calls."""

    size: int
    calls: int | None = None


def returns_of(firmware: Image, address: int) -> list[int]:
    """Addresses behind every direct call of the function at `address`; none for one that is called by pointer alone."""
    step = _thumb if firmware.machine == "EM_ARM" else _riscv
    found = set()
    for start, code in _functions(firmware):
        for at, instruction in _instructions(code, step):
            if instruction.calls is not None and (start + at + instruction.calls) & 0xFFFF_FFFF == address:
                found.add(start + at + instruction.size)
    return sorted(found)


def _functions(firmware: Image) -> Iterator[tuple[int, bytes]]:
    """Address and code of each function that is in the image."""
    for symbol in firmware.symbols:
        for segment in firmware.segments:
            offset = symbol.address - segment.address
            if symbol.is_function and symbol.size and 0 <= offset < len(segment.data):
                yield symbol.address, segment.data[offset : offset + symbol.size]


def _instructions(code: bytes, step: Callable[[bytes], _Step]) -> Iterator[tuple[int, _Step]]:
    at = 0
    while at + 2 <= len(code):
        instruction = step(code[at : at + 8])
        yield at, instruction
        at += instruction.size


def _thumb(code: bytes) -> _Step:
    first = int.from_bytes(code[:2], "little")
    if first >> 11 < _LONG_THUMB:
        return _Step(2)
    second = int.from_bytes(code[2:4], "little")
    if first & 0xF800 != 0xF000 or second & 0xD000 != 0xD000:
        return _Step(4)
    sign = first >> 10 & 1
    near, far = ~(second >> 13 ^ sign) & 1, ~(second >> 11 ^ sign) & 1
    offset = sign << 24 | near << 23 | far << 22 | (first & 0x3FF) << 12 | (second & 0x7FF) << 1
    return _Step(4, 4 + _signed(offset, 25))


def _riscv(code: bytes) -> _Step:
    word = int.from_bytes(code[:4], "little")
    if word & 3 != 3:
        return _Step(2, _compressed_offset(word) if word & 0xE003 == 0x2001 else None)
    if word & 0xFFF == 0x6F | _RA << 7:
        bits = word >> 31 << 20 | (word >> 12 & 0xFF) << 12 | (word >> 20 & 1) << 11 | (word >> 21 & 0x3FF) << 1
        return _Step(4, _signed(bits, 21))
    if word & 0xFFF == 0x17 | _RA << 7:
        second = int.from_bytes(code[4:8], "little")
        if second & 0xF_FFFF == 0x67 | _RA << 7 | _RA << 15:
            return _Step(8, (word & 0xFFFF_F000) + _signed(second >> 20, 12))
    return _Step(4)


def _compressed_offset(half: int) -> int:
    """Of C.JAL: offset[11|4|9:8|10|6|7|3:1|5] in bits 12 to 2."""
    taken = ((12, 11), (11, 4), (10, 9), (9, 8), (8, 10), (7, 6), (6, 7), (5, 3), (4, 2), (3, 1), (2, 5))
    return _signed(sum((half >> bit & 1) << place for bit, place in taken), 12)


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) & 1 else value
