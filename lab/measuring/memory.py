"""What an image takes of flash and RAM, down to its symbols, from the sections and symbols that it has and the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import image
from lab.building.demangling import demangled
from lab.errors import ConfigurationError
from lab.measuring import linker_map
from lab.measuring.linker_map import Input
from lab.outcomes.memory import Footprint, Section, Symbol
from lab.target import Target

LITERALS = "(string literals)"
UNNAMED = "(unnamed)"
PADDING = "(padding)"
SET_ASIDE = "(set aside by the linker script)"
WHOLE = "(image)"
_NOBODY = -1
_STACK = ("__stack_bottom", "__stack_top")


def of(firmware: image.Image, target: Target, arena_size: int, listing: Path | None = None) -> Footprint:
    """Flash holds every section with bytes in the file, RAM every writable one: initialised data is in both.

    `listing` is the linker's map; without it no symbol has a library. Symbols of a section add up to its size: what
    no symbol names is there as `LITERALS`, `UNNAMED`, `PADDING` or `SET_ASIDE`. One that has several names has the
    plainest. An image that names no sections is one, `WHOLE`, in flash: nothing is known of its RAM. Raises
    ConfigurationError for a section that is larger than the board's memories.
    """
    room = target.memories.flash_bytes + target.memories.ram_bytes
    named = firmware.sections or (_whole(firmware),)
    for section in named:
        if section.size > room:
            raise ConfigurationError(
                f"{firmware.path} is not for {target.name}: its section {section.name} has {section.size:,} bytes.",
                remedy="Name its board with --target, or link it for this one's memories.",
                code="elf-memory",
            )
    sections = tuple(
        Section(section.name, section.size, flash=section.stored, ram=section.writable) for section in named
    )
    return Footprint(
        flash_bytes=sum(section.size for section in sections if section.flash),
        ram_bytes=sum(section.size for section in sections if section.ram),
        flash_size=target.memories.flash_bytes,
        ram_size=target.memories.ram_bytes,
        arena_size=arena_size,
        stack_size=_stack_size(firmware),
        sections=sections,
        symbols=tuple(_symbols(named, firmware.symbols, target.toolchain.prefix, listing)),
    )


def _whole(firmware: image.Image) -> image.Section:
    """Of the content of a flash, what is not erased at its end."""
    first = min((segment.address for segment in firmware.segments), default=0)
    contents = [one.data for one in firmware.segments] or [one.rstrip(b"\xff") for one in firmware.flash.values()]
    return image.Section(WHOLE, first, sum(map(len, contents)), writable=False, stored=True)


def _stack_size(firmware: image.Image) -> int:
    """By the symbols that the lab's own firmware has; 0 where they are missing."""
    bounds = {symbol.name: symbol.address for symbol in firmware.symbols if symbol.name in _STACK}
    return bounds[_STACK[1]] - bounds[_STACK[0]] if len(bounds) == len(_STACK) else 0


def _symbols(
    sections: Sequence[image.Section], named: Sequence[image.Symbol], prefix: str, listing: Path | None
) -> Iterator[Symbol]:
    """By section, the largest first; those that are called alike in one library are one."""
    symbols = sorted((one for one in named if one.size), key=_inner_and_plainest_last)
    names = demangled([one.name for one in symbols], prefix)
    parts = linker_map.read(listing)
    for section in sections:
        inputs = parts.get(section.name)
        sizes: Counter[tuple[str, str]] = Counter()
        symbol_of = _owners(section, symbols)
        input_of = _owners(section, inputs or ())
        for symbol, first, size in _counted(symbol_of):
            if symbol != _NOBODY:
                sizes[names[symbol], _library(inputs, input_of[first])] += size
        for part, _, size in _counted(input_of[symbol_of == _NOBODY]):
            sizes[_nameless(inputs, part), _library(inputs, part)] += size
        for (name, library), size in sorted(sizes.items(), key=lambda one: (-one[1], one[0])):
            yield Symbol(name, size, section.name, library)


def _inner_and_plainest_last(symbol: image.Symbol) -> tuple[int, int, int, str]:
    return -symbol.size, -symbol.underscores, -len(symbol.name), symbol.name


def _owners(section: image.Section, claims: Sequence[image.Symbol | Input]) -> NDArray[np.int32]:
    """For each byte of the section the index of the last of `claims` that it lies in, or `_NOBODY`."""
    owners = np.full(section.size, _NOBODY, np.int32)
    for index, claim in enumerate(claims):
        start = claim.address - section.address
        if -claim.size < start < section.size:
            owners[max(start, 0) : start + claim.size] = index
    return owners


def _counted(owners: NDArray[np.int32]) -> list[tuple[int, int, int]]:
    """Each owner with the place of its first byte, and how many are its own."""
    found, first, counts = np.unique(owners, return_index=True, return_counts=True)
    return list(zip(found.tolist(), first.tolist(), counts.tolist(), strict=True))


def _library(inputs: Sequence[Input] | None, index: int) -> str:
    return inputs[index].library if inputs and index != _NOBODY else ""


def _nameless(inputs: Sequence[Input] | None, index: int) -> str:
    if inputs is None:
        return UNNAMED
    if index != _NOBODY:
        return LITERALS if inputs[index].literals else UNNAMED
    return PADDING if inputs else SET_ASIDE
