"""Types of variables, and what bytes in memory mean in them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

Value = JsonValue
"""What JSON can hold; pointers are hex strings, enumerators their names, floats that are no numbers "nan", "inf"."""


@dataclass(frozen=True)
class Base:
    """A number of so many bytes; `encoding` is DW_ATE's: signed, unsigned, float, boolean, or a character's."""

    size: int
    encoding: str

    def value(self, data: bytes) -> Value:
        """Of little-endian bytes."""
        if self.encoding == "float":
            number = float(struct.unpack({4: "<f", 8: "<d"}[self.size], data)[0])
            return number if abs(number) < float("inf") else str(number)
        number = int.from_bytes(data, "little", signed=self.encoding.startswith("signed"))
        return bool(number) if self.encoding == "boolean" else number


@dataclass(frozen=True)
class Pointer:
    """An address."""

    size: int

    def value(self, data: bytes) -> Value:
        """As hex."""
        return f"0x{int.from_bytes(data, 'little'):08x}"


@dataclass(frozen=True)
class Enumeration:
    """Names by number."""

    size: int
    names: Mapping[int, str]

    def value(self, data: bytes) -> Value:
        """The enumerator's name, or the number of one that has none."""
        number = int.from_bytes(data, "little")
        signed = int.from_bytes(data, "little", signed=True)
        return self.names.get(number) or self.names.get(signed) or number


@dataclass(frozen=True)
class Array:
    """`count` elements."""

    element: Type
    count: int

    @property
    def size(self) -> int:
        """Bytes of all."""
        return self.element.size * self.count

    def value(self, data: bytes) -> Value:
        """A list."""
        step = self.element.size
        return [self.element.value(data[at : at + step]) for at in range(0, step * self.count, step)]


@dataclass(frozen=True)
class Structure:
    """Members by name, each with its offset."""

    size: int
    members: Mapping[str, tuple[int, Type]]

    def value(self, data: bytes) -> Value:
        """A dictionary."""
        return {name: kind.value(data[at : at + kind.size]) for name, (at, kind) in self.members.items()}


Type = Base | Pointer | Enumeration | Array | Structure
