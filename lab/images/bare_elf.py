"""Any image as an ELF of nothing but segments, for emulators that read no other format with an entry point."""

from __future__ import annotations

import struct

from lab.errors import ConfigurationError
from lab.image import Image

_HEAD = struct.Struct("<4s5B7x2H5I6H")
_PROGRAM = struct.Struct("<8I")
_32_BITS, _LITTLE_ENDIAN, _VERSION, _EXECUTABLE, _LOAD = 1, 1, 1, 2, 1
_MACHINES = {"EM_ARM": 40, "EM_RISCV": 243}
_READ_WRITE_EXECUTE = 7
_MOST_SEGMENTS = 0xFFFF


def elf_of(image: Image, machine: str) -> bytes:
    """For a `machine` that is `EM_ARM` or `EM_RISCV`.

    Raises ConfigurationError for more segments than an ELF has, and for none: Renode has no ROM that starts a flash.
    """
    count = len(image.segments)
    if image.boots:
        raise ConfigurationError(
            f"{image.path} is the content of a flash, which the chip's boot ROM starts; Renode has none.",
            remedy="Take --engine builtin, or give the application's image or its ELF.",
            code="not-firmware",
        )
    if count >= _MOST_SEGMENTS:
        raise ConfigurationError(
            f"{image.path} has {count:,} separate pieces, too many for Renode.",
            remedy="Take --engine builtin, or give the ELF.",
            code="not-firmware",
        )
    at = _HEAD.size + count * _PROGRAM.size
    programs = []
    for segment in image.segments:
        size, address = len(segment.data), segment.address
        programs.append(_PROGRAM.pack(_LOAD, at, address, address, size, size, _READ_WRITE_EXECUTE, 1))
        at += size
    ident = b"\x7fELF", _32_BITS, _LITTLE_ENDIAN, _VERSION, 0, 0
    kind = _EXECUTABLE, _MACHINES[machine]
    places = _VERSION, image.entry, _HEAD.size, 0, 0
    sizes = _HEAD.size, _PROGRAM.size, count, 0, 0, 0
    return _HEAD.pack(*ident, *kind, *places, *sizes) + b"".join([*programs, *(one.data for one in image.segments)])
