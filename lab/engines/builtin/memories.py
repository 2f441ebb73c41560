"""What a chip's memories cost: wait states, buffers and caches, `renode_platforms/cost_models/memories/*.toml`.

A run that watches its memories simulates them on every address that it goes to (core/memories.c). What each block
waited there on average, in parts of a cycle, is what the same block costs in other runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path as File
from typing import Annotated

from pydantic import Field, field_validator, model_validator
from typing_extensions import Self

from lab import places
from lab.configuration import Frozen, read_toml
from lab.engines.builtin import shim
from lab.engines.builtin.cost_table import Wait, WithMemories
from lab.errors import UnknownName

_ADDRESSES = 1 << 32

Address = Annotated[int, Field(ge=0, lt=_ADDRESSES)]

Waits = Mapping[int, int]
"""What blocks wait for memories at each visit, by their addresses: parts of a cycle, of which it has `shim.PARTS`."""


class Switch(Frozen):
    """Bits of a register that firmware sets to have something on."""

    at: Annotated[Address, Field(multiple_of=4)]
    bits: Address


class CacheTable(Frozen):
    """`sets` of `ways` lines of `line` bytes; the line used longest ago is given up. One line alone is a buffer, and so
    is a cache that is not switched on. Bits of the address tell the byte of the line, and the set. Of a line only those
    pieces of `piece` bytes are there that were read; without it the whole line comes at once.
    """

    line: int = Field(ge=4, le=4096)
    piece: int | None = Field(default=None, ge=4)
    sets: int = Field(default=1, ge=1, le=65_536)
    ways: int = Field(default=1, ge=1, le=64)
    switch: Switch | None = None

    @field_validator("line", "piece", "sets")
    @classmethod
    def _is_bits_of_an_address(cls, number: int | None) -> int | None:
        if number is not None and number & (number - 1):
            raise ValueError(f"{number} is not a power of two")
        return number

    @model_validator(mode="after")
    def _has_pieces_of_its_lines(self) -> Self:
        if self.piece is not None and not self.line // shim.PIECES <= self.piece <= self.line:
            raise ValueError(f"a line of {self.line} bytes has no pieces of {self.piece}: from 1 to {shim.PIECES}")
        return self

    @property
    def bytes(self) -> int:
        """What it holds."""
        return self.line * self.sets * self.ways

    def told(self, read: Callable[[int], int]) -> shim.Cache:
        """As the core wants it; `read` gives a register's value."""
        on = self.switch is None or read(self.switch.at) & self.switch.bits == self.switch.bits
        return shim.Cache(self.line, self.piece or self.line, self.sets if on else 1, self.ways if on else 1)


class PathTable(Frozen):
    """How code or data comes out of a memory: `wait` cycles for what is not in the cache of that name, or without one
    for each access. `ahead`: of the line behind the last one only the rest of its cycles, if it is read ahead.
    """

    cache: str = ""
    wait: Wait = 0
    ahead: bool = False

    @model_validator(mode="after")
    def _reads_ahead_into_a_cache(self) -> Self:
        if self.ahead and not self.cache:
            raise ValueError("what is read ahead needs a `cache` to be kept in")
        return self


class MemoryTable(Frozen):
    """Addresses, and what it takes to fetch code, load data and store it there."""

    begin: Address
    bytes: int = Field(ge=1, lt=_ADDRESSES)
    fetch: PathTable = PathTable()
    load: PathTable = PathTable()
    store: Wait = 0

    @property
    def end(self) -> int:
        """The address behind it."""
        return self.begin + self.bytes

    def goes_through(self, cache: str) -> bool:
        """Whether code or data comes out of it through the cache of that name."""
        return cache in (self.fetch.cache, self.load.cache)


class MemoryModel(Frozen):
    """The memories of a chip at one clock."""

    name: str
    chip: str
    caches: Mapping[str, CacheTable] = Field(default={}, max_length=4)
    memories: Sequence[MemoryTable] = Field(min_length=1, max_length=16)

    @field_validator("memories")
    @classmethod
    def _are_apart(cls, memories: Sequence[MemoryTable]) -> Sequence[MemoryTable]:
        for one in memories:
            if one.end > _ADDRESSES:
                raise ValueError(f"the one at {one.begin:#x} ends at {one.end:#x}, behind the last address")
        for one, other in combinations(memories, 2):
            if one.begin < other.end and other.begin < one.end:
                raise ValueError(f"the one at {one.begin:#x} and the one at {other.begin:#x} overlap")
        return memories

    @model_validator(mode="after")
    def _has_its_caches(self) -> Self:
        named = {path.cache for one in self.memories for path in (one.fetch, one.load)} - {""}
        if unknown := sorted(named - set(self.caches)):
            raise ValueError(f"there is no cache {unknown[0]!r}")
        for name, cache in self.caches.items():
            behind = sum(one.bytes for one in self.memories if one.goes_through(name))
            if not behind:
                raise ValueError(f"caches.{name}: no memory names it")
            if cache.bytes > behind:
                raise ValueError(f"caches.{name}: it holds {cache.bytes:,} bytes, more than the {behind:,} behind it")
        return self

    @classmethod
    def load(cls, name: str) -> MemoryModel:
        """The model in `renode_platforms/cost_models/memories/<name>.toml`. Raises UnknownName, ConfigurationError."""
        files = {file.stem: file for file in _folder().glob("*.toml")}
        if name not in files:
            raise UnknownName("memory model", name, files)
        return read_toml(files[name], cls)

    def holds(self, address: int) -> bool:
        """Whether one of them is there."""
        return any(one.begin <= address < one.end for one in self.memories)

    def told(self, read: Callable[[int], int], beside: WithMemories | None) -> shim.Memories:
        """As the core wants it, with what that takes `beside`, and the caches that firmware has switched on by now."""
        numbers = {name: number for number, name in enumerate(self.caches)}

        def path(table: PathTable) -> shim.MemoryPath:
            return shim.MemoryPath(
                numbers[table.cache] if table.cache else shim.UNCACHED, _parts(table.wait), table.ahead
            )

        found = shim.Memories(cache_count=len(self.caches), memory_count=len(self.memories))
        if beside is not None:
            found.unaligned = _parts(beside.unaligned)
            found.unaligned_load = _parts(beside.unaligned_load)
            found.apart = _parts(beside.apart)
            found.after_store = _parts(beside.after_store)
            found.wide_load = _parts(beside.wide_load)
            found.wide_target = _parts(beside.wide_target)
        for number, cache in enumerate(self.caches.values()):
            found.caches[number] = cache.told(read)
        for number, one in enumerate(self.memories):
            found.memories[number] = shim.TimedMemory(
                one.begin, one.bytes, path(one.fetch), path(one.load), _parts(one.store)
            )
        return found


def mean(waited: Sequence[shim.Waited]) -> Waits:
    """Of each block that waited."""
    return {one.address: round(one.parts / one.visits) for one in waited if one.parts}


def _parts(cycles: float) -> int:
    return round(cycles * shim.PARTS)


def _folder() -> File:
    return places.project() / "renode_platforms" / "cost_models" / "memories"
