"""What a chip's memories cost: wait states, buffers and caches, `renode_platforms/cost_models/memories/*.toml`.

A run that watches its memories simulates them on every address that it goes to (core/memories.c). What each block
waited there on average, in parts of a cycle, is what the same block costs in other runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path as File
from typing import Annotated

from pydantic import Field, model_validator
from typing_extensions import Self

from lab import places
from lab.configuration import Frozen, read_toml
from lab.engines.builtin import shim
from lab.engines.builtin.cost_table import Ratios
from lab.errors import UnknownName

Address = Annotated[int, Field(ge=0, lt=1 << 32)]
Wait = Annotated[float, Field(ge=0, le=10_000)]
"""Cycles."""

Waits = Mapping[int, int]
"""What blocks wait for memories at each visit, by their addresses: parts of a cycle, of which it has `shim.PARTS`."""


class Switch(Frozen):
    """Bits of a register that firmware sets to have something on."""

    at: Annotated[Address, Field(multiple_of=4)]
    bits: Address


class CacheTable(Frozen):
    """`sets` of `ways` lines of `line` bytes; the line used longest ago is given up. One line alone is a buffer, and so
    is a cache that is not switched on.
    """

    line: int = Field(ge=4, le=4096)
    sets: int = Field(default=1, ge=1, le=65_536)
    ways: int = Field(default=1, ge=1, le=64)
    switch: Switch | None = None

    def told(self, read: Callable[[int], int]) -> shim.Cache:
        """As the core wants it; `read` gives a register's value."""
        on = self.switch is None or read(self.switch.at) & self.switch.bits == self.switch.bits
        return shim.Cache(self.line, self.sets if on else 1, self.ways if on else 1)


class PathTable(Frozen):
    """How code or data comes out of a memory: `wait` cycles for what is not in the cache of that name, or without one
    for each access. `ahead`: of the line behind the last one only the rest of its cycles, if it is read ahead.
    """

    cache: str = ""
    wait: Wait = 0
    ahead: bool = False


class MemoryTable(Frozen):
    """Addresses, and what it takes to fetch code, load data and store it there."""

    begin: Address
    bytes: int = Field(ge=1, lt=1 << 32)
    fetch: PathTable = PathTable()
    load: PathTable = PathTable()
    store: Wait = 0


class CoreTable(Frozen):
    """Cycles of the core that its table of instructions leaves out.

    `address_stall`, of cores that execute one instruction after another, for an address that the instruction before has
    made; `exception_entry` and `exception_return`. Those that only addresses tell: `unaligned` for each further access
    that an unaligned one is made of; `apart` for one after a load from another memory, `after_store` for a load right
    after a store, `wide_load` for one after a load by an instruction of four bytes that is not aligned; `wide_target`
    for a jump to such an instruction.
    """

    address_stall: int = Field(default=0, ge=0, le=10_000)
    exception_entry: int = Field(default=0, ge=0, le=10_000)
    exception_return: int = Field(default=0, ge=0, le=10_000)
    unaligned: Wait = 0
    apart: Wait = 0
    after_store: Wait = 0
    wide_load: Wait = 0
    wide_target: Wait = 0


class MemoryModel(Frozen):
    """The memories of a chip at one clock, and what its core takes besides; `error` and `ratios` as in `Table`."""

    name: str
    chip: str
    error: str
    ratios: Ratios | None = None
    core: CoreTable = CoreTable()
    caches: Mapping[str, CacheTable] = Field(default={}, max_length=4)
    memories: Sequence[MemoryTable] = Field(default=(), max_length=16)

    @model_validator(mode="after")
    def _has_its_caches(self) -> Self:
        named = {path.cache for one in self.memories for path in (one.fetch, one.load)} - {""}
        if unknown := sorted(named - set(self.caches)):
            raise ValueError(f"there is no cache {unknown[0]!r}")
        return self

    @classmethod
    def load(cls, name: str) -> MemoryModel:
        """The model in `renode_platforms/cost_models/memories/<name>.toml`. Raises UnknownName, ConfigurationError."""
        files = {file.stem: file for file in _folder().glob("*.toml")}
        if name not in files:
            raise UnknownName("memory model", name, files)
        return read_toml(files[name], cls)

    def told(self, read: Callable[[int], int]) -> shim.Memories:
        """As the core wants it, with the caches that the firmware has switched on by now."""
        numbers = {name: number for number, name in enumerate(self.caches)}

        def path(table: PathTable) -> shim.MemoryPath:
            return shim.MemoryPath(
                numbers[table.cache] if table.cache else shim.UNCACHED, _parts(table.wait), table.ahead
            )

        core = self.core
        found = shim.Memories(
            unaligned=_parts(core.unaligned),
            apart=_parts(core.apart),
            after_store=_parts(core.after_store),
            wide_load=_parts(core.wide_load),
            wide_target=_parts(core.wide_target),
            cache_count=len(self.caches),
            memory_count=len(self.memories),
        )
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
