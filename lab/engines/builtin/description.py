"""What a platform description says: the devices of a board, where they are, how they are wired.

Values only; `lab.engines.builtin.repl` reads them from a file. Each carries the line it stands on, so that whoever
cannot follow it says where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from lab.errors import ConfigurationError, did_you_mean

_REMEDY = "docs/platforms.md says what the built-in engine follows of Renode's descriptions."


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def error(self, message: str, *, remedy: str = _REMEDY) -> ConfigurationError:
        """An error about this line, to be raised."""
        return ConfigurationError(f"{self}: {message}", remedy=remedy, code="platform-description")

    def unknown(self, kind: str, name: str, known: Iterable[str]) -> ConfigurationError:
        """An error about a name on this line that nothing carries, with the nearest one that something does."""
        names = sorted(known)
        hint = did_you_mean(name, names)
        return self.error(f"unknown {kind} {name!r}.{hint}", remedy=f"Known: {', '.join(names) or 'none'}.")


@dataclass(frozen=True)
class Range:
    """Bytes `start` to `start + size - 1` of an address space."""

    start: int
    size: int


@dataclass(frozen=True)
class Reference:
    """Another entry, as the value of an attribute."""

    name: str


Value = int | float | str | bool | Range | Reference | tuple["Value", ...] | None
"""What an attribute can hold; None is Renode's `empty`. A value of an enumeration is its last name."""


@dataclass(frozen=True)
class Attribute:
    """`name: value`; a constructor's parameter if it starts in lower case, else a property."""

    name: str
    value: Value
    place: Place


@dataclass(frozen=True)
class Registration:
    """Where an entry hangs: on `parent`, at an address or range there, or without one (None).

    `region` names which of its several sets of registers is there, for an entry that has such.
    """

    parent: str
    point: int | Range | None
    place: Place
    region: str | None = None


@dataclass(frozen=True)
class Connection:
    """One wire: from output `source` (a name, a number, or None for the only one) to input `number` of `target`.

    `part` is the part of the target that has the input, as in `syscfg#1@3`; None for the target itself.
    """

    source: str | int | None
    target: str
    number: int
    place: Place
    part: int | None = None


@dataclass(frozen=True)
class Command:
    """A monitor command as written, of the block `init`, `reset` or `preinit`."""

    block: str
    text: str
    place: Place


@dataclass(frozen=True)
class Entry:
    """One device, memory or core. `type` is Renode's (`Timers.NRF52840_Timer`), empty for the system bus."""

    name: str
    type: str
    place: Place
    registrations: tuple[Registration, ...] = ()
    alias: str | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: MappingProxyType({}))
    connections: tuple[Connection, ...] = ()
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True)
class Description:
    """A whole board: every entry by name, in the order of declaration."""

    file: Path
    entries: Mapping[str, Entry]

    def path(self, name: str) -> str:
        """The full name of an entry in monitor commands, for example `sysbus.twi0.lsm9ds1_imu`."""
        registrations = self.entries[name].registrations
        return f"{self.path(registrations[0].parent)}.{name}" if registrations else name

    def entry(self, path: str) -> Entry:
        """The entry with that full name. Raises ConfigurationError if there is none."""
        paths = {self.path(name): entry for name, entry in self.entries.items()}
        if path not in paths:
            raise ConfigurationError(
                f"{self.file}: there is no {path!r} on this board.{did_you_mean(path, paths)}",
                remedy=f"Known: {', '.join(sorted(paths))}.",
                code="platform-description",
            )
        return paths[path]
