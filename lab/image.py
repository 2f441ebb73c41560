"""A firmware as it is loaded: bytes at addresses, and as much as its file tells of what they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lab.errors import ConfigurationError


@dataclass(frozen=True)
class Segment:
    """Bytes to be loaded at a physical (load) address; `stored` is where a flash keeps them that is seen in pages."""

    address: int
    data: bytes
    stored: int | None = None


@dataclass(frozen=True)
class Section:
    """An allocated section: `writable` tells RAM from flash, `stored` whether it has bytes in the file."""

    name: str
    address: int
    size: int
    writable: bool
    stored: bool


@dataclass(frozen=True)
class Symbol:
    """A function or object; a Thumb function's address is without the lowest bit."""

    name: str
    address: int
    size: int
    is_function: bool

    @property
    def underscores(self) -> int:
        """How many its name begins with: of several names the plainest has the fewest."""
        return len(self.name) - len(self.name.lstrip("_"))


class Image:
    """What a file says of a firmware. Only an ELF has symbols and names its `machine` (`EM_ARM`, `EM_RISCV`).

    `flash` is what the file brings for a flash that has no addresses of the core's: bytes by offset. An image that has
    nothing but that is started by the chip's boot ROM.
    """

    def __init__(
        self,
        path: Path,
        segments: Iterable[Segment],
        *,
        entry: int = 0,
        machine: str = "",
        flash: Mapping[int, bytes] | None = None,
    ) -> None:
        self.path = path
        self.segments = tuple(segments)
        self.entry = entry
        self.machine = machine
        self.flash = flash or {}
        self.architecture = ""
        self.compiler = ""
        self.sections: tuple[Section, ...] = ()
        self.symbols: tuple[Symbol, ...] = ()

    @property
    def boots(self) -> bool:
        """Whether the chip's boot ROM has to start it."""
        return bool(self.flash) and not self.segments

    @cached_property
    def _by_name(self) -> dict[str, Symbol]:
        return {symbol.name: symbol for symbol in self.symbols}

    @cached_property
    def _functions(self) -> list[Symbol]:
        return sorted((symbol for symbol in self.symbols if symbol.is_function), key=lambda symbol: symbol.address)

    @cached_property
    def functions(self) -> tuple[Symbol, ...]:
        """In order of their addresses, one for each: of several names the one with the fewest underscores before it."""
        by_address: dict[int, Symbol] = {}
        for symbol in sorted(self._functions, key=lambda one: (one.underscores, len(one.name), one.name)):
            by_address.setdefault(symbol.address, symbol)
        return tuple(by_address[address] for address in sorted(by_address))

    def symbol(self, name: str) -> Symbol:
        """The symbol of that name. Raises ConfigurationError if the image has none."""
        try:
            return self._by_name[name]
        except KeyError:
            raise ConfigurationError(
                f"{self.path.name} has no symbol {name!r}.",
                remedy="Build it from the lab's sources, and do not strip it.",
                code="symbol-missing",
            ) from None

    def function_at(self, address: int) -> str:
        """`name+0xoffset` of the function around `address`, or the address in hex where there is none."""
        index = bisect_right(self._functions, address, key=lambda symbol: symbol.address) - 1
        if index < 0:
            return f"0x{address:08x}"
        symbol = self._functions[index]
        offset = address - symbol.address
        if offset >= max(symbol.size, 2):
            return f"0x{address:08x}"
        return f"{symbol.name}+0x{offset:x}" if offset else symbol.name

    def line_at(self, address: int) -> str:  # noqa: ARG002
        """`file:line` of the instruction at `address`, or an empty string where the image does not say."""
        return ""
