"""Flash and RAM: by section, by library, by symbol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.metrics import Quantity
from lab.outcomes.memory import Footprint


@dataclass(frozen=True)
class Part:
    """A section or library, in bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class Region:
    """Flash or RAM: `used` of `size` bytes, the largest sections first."""

    name: str
    used: int
    size: int
    sections: tuple[Part, ...]


@dataclass(frozen=True)
class Library:
    """What a library takes, in bytes; `name` is empty where the map does not say."""

    name: str
    flash: int
    ram: int
    symbols: int


@dataclass(frozen=True)
class Budget:
    """Stack or arena: `used` of `size` bytes; `used` is None where nothing was measured."""

    name: str
    used: int | float | None
    size: int


def regions(memory: Footprint) -> list[Region]:
    """Flash and RAM of the target, as far as it is known what is in them."""
    both = [
        _region("Flash", memory.flash_bytes, memory.flash_size, [(s.name, s.size) for s in memory.sections if s.flash]),
        _region("RAM", memory.ram_bytes, memory.ram_size, [(s.name, s.size) for s in memory.sections if s.ram]),
    ]
    return [region for region in both if region.sections]


def _region(name: str, used: int, size: int, sections: Sequence[tuple[str, int]]) -> Region:
    parts = sorted((Part(*section) for section in sections if section[1]), key=lambda part: -part.size)
    return Region(name, used, size, tuple(parts))


def libraries(memory: Footprint) -> list[Library]:
    """The libraries, the largest first. Their symbols add up to the sections."""
    in_flash = {section.name for section in memory.sections if section.flash}
    in_ram = {section.name for section in memory.sections if section.ram}
    sums: dict[str, list[int]] = {}
    for symbol in memory.symbols:
        total = sums.setdefault(symbol.library, [0, 0, 0])
        total[0] += symbol.size * (symbol.section in in_flash)
        total[1] += symbol.size * (symbol.section in in_ram)
        total[2] += 1
    found = [Library(name, flash, ram, symbols) for name, (flash, ram, symbols) in sums.items()]
    return sorted(found, key=lambda one: -(one.flash + one.ram))


def symbol_rows(memory: Footprint) -> list[tuple[str, int, str, str]]:
    """Name, size, section and library of every symbol, the largest first."""
    rows = [(symbol.name, symbol.size, symbol.section, symbol.library) for symbol in memory.symbols]
    return sorted(rows, key=lambda row: -row[1])


def budgets(memory: Footprint, metrics: dict[str, Quantity]) -> list[Budget]:
    """The arena as TFLM reports it, and the stack as it was painted over; nothing of which nobody knows the size."""
    both = (
        Budget("Arena", _value(metrics, "arena_used_bytes"), memory.arena_size),
        Budget("Stack", _value(metrics, "stack_used_bytes"), memory.stack_size),
    )
    return [budget for budget in both if budget.size]


def _value(metrics: dict[str, Quantity], name: str) -> int | float | None:
    return metrics[name].value if name in metrics else None
