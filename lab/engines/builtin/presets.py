"""What a description writes into a memory beforehand, by commands such as `WriteDoubleWord 0x10 0x1234`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lab.engines.builtin import tags, xorshift
from lab.engines.builtin.description import Command

_DRAWN = (
    r'`py "print emulationManager\.Instance\.CurrentEmulation\.RandomGenerator\.Next(?:\(\)|Ulong\(\) & 0xffffffff)"`'
)
"""A number that Renode draws: here it follows from its address, the same in every run."""
_WRITE = re.compile(rf"Write(Byte|Word|DoubleWord)\s+{tags.NUMBER}\s+(?:{tags.NUMBER}|{_DRAWN})")
_BYTES = {"Byte": 1, "Word": 2, "DoubleWord": 4}


def follows(command: Command) -> bool:
    """Whether `of` takes it."""
    return _WRITE.fullmatch(command.text) is not None


def of(commands: Iterable[Command], base: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Addresses, and what is there before firmware is loaded, of a memory of `size` bytes at `base`.

    Raises ConfigurationError for another command, and for one that goes beyond the memory.
    """
    for command in commands:
        found = _WRITE.fullmatch(command.text)
        if found is None:
            raise tags.not_followed(command)
        width, offset = _BYTES[found[1]], tags.number(found[2])
        value = tags.number(found[3]) if found[3] else xorshift.following(base + offset | 1) & (1 << 8 * width) - 1
        if offset + width > size or value >> 8 * width:
            raise command.place.error(f"`{command.text}` does not fit a memory of {size:,} bytes.")
        yield base + offset, value.to_bytes(width, "little")
