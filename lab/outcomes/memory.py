"""What an image takes of a board's memories."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """An allocated section of the image and what it takes room in; initialised data takes both."""

    name: str
    size: int
    flash: bool
    ram: bool


@dataclass(frozen=True)
class Symbol:
    """A function or object, demangled, with the section and the library it lies in ("" where the map does not say)."""

    name: str
    size: int
    section: str
    library: str


@dataclass(frozen=True)
class Footprint:
    """Bytes that the image takes of the target's `flash_size` and `ram_size`, and of what."""

    flash_bytes: int
    ram_bytes: int
    flash_size: int
    ram_size: int
    arena_size: int
    stack_size: int
    sections: tuple[Section, ...]
    symbols: tuple[Symbol, ...] = ()
