"""Where a function returns to: the addresses behind the calls of it, found in the code of an ELF.

Arm DDI 0403E, A7.7.18 (BL); RISC-V unprivileged manual, chapters 2.5 and 16.4 (JAL, C.JAL, AUIPC with JALR).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise

from lab.elf import Firmware

_RA = 1


def returns_of(firmware: Firmware, address: int) -> list[int]:
    """Addresses behind every direct call of the function at `address`; none for one that is called by pointer alone."""
    calls = _thumb_calls if firmware.machine == "EM_ARM" else _riscv_calls
    code = [segment for segment in firmware.segments if len(segment.data) >= 4]
    return sorted({behind for one in code for to, behind in calls(one.data, one.address) if to == address})


def _thumb_calls(code: bytes, base: int) -> Iterator[tuple[int, int]]:
    """Target of each BL, and the address behind it. Data that looks like one does no harm: nobody comes there."""
    halves = struct.unpack_from(f"<{len(code) // 2}H", code)
    for index, (first, second) in enumerate(pairwise(halves)):
        if first & 0xF800 != 0xF000 or second & 0xD000 != 0xD000:
            continue
        sign = first >> 10 & 1
        near, far = (~(second >> 13 ^ sign) & 1, ~(second >> 11 ^ sign) & 1)
        offset = sign << 24 | near << 23 | far << 22 | (first & 0x3FF) << 12 | (second & 0x7FF) << 1
        behind = base + 2 * index + 4
        yield behind + _signed(offset, 25), behind


def _riscv_calls(code: bytes, base: int) -> Iterator[tuple[int, int]]:
    for at in range(0, len(code) - 3, 2):
        (word,) = struct.unpack_from("<I", code, at)
        here = base + at
        if word & 0xFFF == 0x6F | _RA << 7:
            bits = (word >> 31) << 20 | (word >> 12 & 0xFF) << 12 | (word >> 20 & 1) << 11 | (word >> 21 & 0x3FF) << 1
            yield here + _signed(bits, 21), here + 4
        elif word & 0xE003 == 0x2001:
            yield here + _compressed_offset(word & 0xFFFF), here + 2
        elif word & 0xFFF == 0x17 | _RA << 7 and at + 8 <= len(code):
            (second,) = struct.unpack_from("<I", code, at + 4)
            if second & 0xF_FFFF == 0x67 | _RA << 7 | _RA << 15:
                yield (here + (word & 0xFFFF_F000) + _signed(second >> 20, 12)) & 0xFFFF_FFFF, here + 8


def _compressed_offset(half: int) -> int:
    """Of C.JAL: offset[11|4|9:8|10|6|7|3:1|5] in bits 12 to 2."""
    taken = ((12, 11), (11, 4), (10, 9), (9, 8), (8, 10), (7, 6), (6, 7), (5, 3), (4, 2), (3, 1), (2, 5))
    return _signed(sum((half >> bit & 1) << place for bit, place in taken), 12)


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) & 1 else value
