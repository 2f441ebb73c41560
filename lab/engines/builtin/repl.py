"""Reads Renode platform descriptions (`.repl`).

The grammar beside this file, `repl.lark`, is the subset that boards of the lab need; Renode reads the same files. A
construct that the grammar does not know, a name that nothing declares and a second declaration end in a
ConfigurationError that starts with `file:line:`. What a device type or an attribute means is not decided here.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError
from lark.indenter import DedentError, Indenter

from lab import files
from lab.engines.builtin.description import (
    Attribute,
    Command,
    Connection,
    Description,
    Entry,
    Place,
    Range,
    Reference,
    Registration,
    Value,
)
from lab.errors import ConfigurationError

SYSTEM_BUS = "sysbus"
"""The one entry that every description has without declaring it."""

Folders = Callable[[], Sequence[Path]]

_MOST_WIRES = 1024
_LONGEST_INTEGER = 20  # characters of the largest of 64 bits
_MOST_FILES = 256
_DEEPEST = 32
_DEEPEST_LIST = 16


def read(path: Path, *, onto: Description | None = None, below: Folders = tuple) -> Description:
    """The description in that file and in those that it uses. Raises ConfigurationError with file and line.

    `onto` is what was described before, which this one adds to. `below` gives folders in which a used file may be
    besides those that its user is in, and is asked only for such a one.
    """
    return _joined(path, _Reader(below).parts(path, ()), onto)


def read_text(text: str, name: str, *, onto: Description | None = None, below: Folders = tuple) -> Description:
    """The same of a text, which errors call by that name; a path in it that begins with a dot is from here on."""
    path = Path(name)
    if len(text) > files.MEGABYTE:
        raise Place(path, 1).error(f"a description of {len(text):,} characters is too long.", remedy="Put it in files.")
    return _joined(path, _Reader(below).parts_of(text, path, (path,)), onto)


def _joined(path: Path, parts: Iterable[_Part], onto: Description | None) -> Description:
    entries = dict(onto.entries) if onto else {SYSTEM_BUS: Entry(SYSTEM_BUS, "", Place(path, 0))}
    for part in parts:
        entries[part.name] = _with_part(entries, part)
    description = Description(onto.file if onto else path, MappingProxyType(entries))
    _check_references(description)
    return description


@dataclass(frozen=True)
class _Using:
    path: str
    place: Place


@dataclass(frozen=True)
class _Removed:
    """`name: none`: the attribute that an earlier part set is as if never set."""

    attribute: str


@dataclass(frozen=True)
class _Cut:
    """`source -> none`: the wire that an earlier part drew is taken away."""

    source: str | int | None


_Item = Attribute | _Removed | Connection | _Cut | Command


@dataclass(frozen=True)
class _Part:
    """One occurrence of an entry: its declaration if it has a type, else a re-opening; None is not said here."""

    name: str
    type: str | None
    registrations: tuple[Registration, ...] | None
    alias: str | None
    items: tuple[_Item, ...]
    place: Place


class _Reader:
    """Every part in reading order, those of used files included."""

    def __init__(self, below: Folders) -> None:
        self._below = below
        self._files = 0

    def parts(self, path: Path, including: tuple[Path, ...]) -> Iterator[_Part]:
        """Those of a file that is used by others, the outermost first."""
        try:
            text = files.text(path)
        except (OSError, UnicodeDecodeError) as error:
            reason = files.why_unread(error)
            raise ConfigurationError(
                f"{path} cannot be read: {reason}.",
                remedy="Restore the file, or correct `repl` in the target.toml beside it.",
                code="file-unreadable",
            ) from error
        yield from self.parts_of(text, path, (*including, path))

    def parts_of(self, text: str, path: Path, including: tuple[Path, ...]) -> Iterator[_Part]:
        """Those of a text; `including` ends with where it is from."""
        for found in _parse(text, path):
            if isinstance(found, _Part):
                yield found
                continue
            used = _used(found, path, self._below)
            if any(file.exists() and used.samefile(file) for file in including):
                raise found.place.error(f"{used} uses itself.", remedy="Take one `using` out of the circle.")
            self._files += 1
            if len(including) > _DEEPEST or self._files > _MOST_FILES:
                raise found.place.error(
                    f"a description uses at most {_MOST_FILES} files, and one over at most {_DEEPEST} others.",
                    remedy="Join some of them.",
                )
            yield from self.parts(used, including)


def _used(using: _Using, path: Path, below: Folders) -> Path:
    """A file beside this one, or, of a path that begins with a name, below a folder that this one is in, or below one
    of those that are given: as in Renode.

    Raises ConfigurationError where there is none.
    """
    beside = using.path.startswith(".")
    tried = [folder / using.path for folder in ([path.parent] if beside else path.absolute().parents)]
    found = next((file for file in tried if _is_file(file)), None)
    if found is None and not beside:
        found = next((file for file in (folder / using.path for folder in below()) if _is_file(file)), None)
    if found is None and beside:
        raise using.place.error(f"{tried[0]} does not exist.", remedy="Correct the path; it is relative to this file.")
    if found is None:
        raise using.place.error(
            f"{using.path} is in none of the folders that this file is in; it would be one of those that come with "
            "Renode.",
            remedy=f'For a file beside this one say using "./{using.path}". `lab test --renode DIR` names the folder '
            "with Renode's own.",
        )
    return found


def _is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _with_part(entries: dict[str, Entry], part: _Part) -> Entry:
    entry = entries.get(part.name)
    if entry is None and part.type is None:
        raise part.place.unknown("entry", part.name, entries)
    if entry is not None and part.type is not None:
        raise part.place.error(f"{part.name!r} was declared before, at {entry.place}.", remedy="Rename one of them.")
    entry = entry or Entry(part.name, part.type or "", part.place)
    return replace(
        entry,
        registrations=entry.registrations if part.registrations is None else part.registrations,
        alias=part.alias or entry.alias,
        attributes=_attributes(entry, part),
        connections=_connections(entry, part),
        commands=entry.commands + tuple(item for item in part.items if isinstance(item, Command)),
    )


def _attributes(entry: Entry, part: _Part) -> MappingProxyType[str, Attribute]:
    attributes, set_here = dict(entry.attributes), set()
    for item in part.items:
        if isinstance(item, _Removed):
            attributes.pop(item.attribute, None)
        elif isinstance(item, Attribute):
            if item.name in set_here:
                raise item.place.error(
                    f"{item.name!r} is set twice in one entry.", remedy="Delete one of the two lines."
                )
            set_here.add(item.name)
            attributes[item.name] = item
    return MappingProxyType(attributes)


def _connections(entry: Entry, part: _Part) -> tuple[Connection, ...]:
    drawn = tuple(item for item in part.items if isinstance(item, Connection))
    redrawn = {item.source for item in part.items if isinstance(item, (Connection, _Cut))}
    return tuple(wire for wire in entry.connections if wire.source not in redrawn) + drawn


def _check_references(description: Description) -> None:
    for entry in description.entries.values():
        named = [
            *((registration.parent, registration.place) for registration in entry.registrations),
            *((connection.target, connection.place) for connection in entry.connections),
            *(
                (attribute.value.name, attribute.place)
                for attribute in entry.attributes.values()
                if isinstance(attribute.value, Reference)
            ),
        ]
        for name, place in named:
            if name not in description.entries:
                raise place.unknown("entry", name, description.entries)
    for entry in description.entries.values():
        _check_ancestry(description, entry)


def _check_ancestry(description: Description, entry: Entry) -> None:
    """An entry that hangs, over any number of others, on itself would have no path."""
    above, seen = entry, {entry.name}
    while above.registrations:
        registration = above.registrations[0]
        if registration.parent in seen:
            raise registration.place.error(f"{above.name!r} is registered, over {registration.parent!r}, on itself.")
        seen.add(registration.parent)
        above = description.entries[registration.parent]


class _Misaligned(UnexpectedInput):
    """A line that is indented like no block around it."""

    def __init__(self, line_start: Token) -> None:
        super().__init__()
        self.line, self.column = line_start.end_line or 0, line_start.end_column or 0


class _Blocks(Indenter):
    NL_type = "_NL"
    OPEN_PAREN_types = ["LBRACE"]  # noqa: RUF012 - lark's contract
    CLOSE_PAREN_types = ["RBRACE"]  # noqa: RUF012
    INDENT_type = "_INDENT"
    DEDENT_type = "_DEDENT"
    tab_len = 4

    def handle_NL(self, token: Token) -> Iterator[Token]:  # noqa: N802 - lark's name
        try:
            yield from super().handle_NL(token)
        except DedentError:
            raise _Misaligned(token) from None


@cache
def _grammar() -> Lark:
    return Lark.open("repl.lark", rel_to=__file__, parser="lalr", postlex=_Blocks(), maybe_placeholders=True)


_COMMENT = re.compile(
    r"""'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|(?:(?<=\s)|^)//[^\n]*|/\*.*?\*/|(/\*.*)""", re.DOTALL | re.MULTILINE
)


def _without_comments(text: str) -> str:
    """Blanks in place of comments, so that the rest stays where it was; as in Renode, `a//b` holds no comment.

    One without an end stays, to be refused.
    """

    def blank(found: re.Match[str]) -> str:
        return found[0] if found[0][0] in "\"'" or found[1] else re.sub(r"\S", " ", found[0])

    return _COMMENT.sub(blank, text)


_BRACKETS = re.compile(r"""'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|[\[\]\n]""", re.DOTALL)


def _check_depth(text: str, path: Path) -> None:
    """Raises ConfigurationError for lists in lists in lists, which no reader takes without end."""
    depth, line = 0, 1
    for found in _BRACKETS.finditer(text):
        line += found[0].count("\n")
        depth += (found[0] == "[") - (found[0] == "]")
        if depth > _DEEPEST_LIST:
            raise Place(path, line).error(f"lists are nested more than {_DEEPEST_LIST} deep here.")


@lru_cache(maxsize=16)  # boards are made again and again, and a chip's description begins with its board's
def _parse(text: str, path: Path) -> tuple[_Part | _Using, ...]:
    try:
        plain = _without_comments(text)
        _check_depth(plain, path)
        tree = _grammar().parse(plain + "\n")
        parts: tuple[_Part | _Using, ...] = _Values(path).transform(tree)
    except UnexpectedInput as error:
        raise _syntax_error(error, path) from error
    except VisitError as error:
        raise error.orig_exc from None
    return parts


_SPOKEN = {
    "$END": "the end of the file",
    "_NL": "the end of the line",
    "_INDENT": "deeper indentation",
    "_DEDENT": "this indentation",
    "NAME": "a name",
    "INTEGER": "a whole number",
    "REAL": "a number",
    "STRING": 'a "string"',
    "COMMAND": "a monitor command",
    "BLOCK": "init:, reset: or preinit:",
}


def _syntax_error(error: UnexpectedInput, path: Path) -> ConfigurationError:
    expected: set[str] = set()
    found, line = "this indentation", error.line
    if isinstance(error, UnexpectedToken):
        token, expected = error.token, error.expected
        found = f"`{token}`" if token.strip() else _SPOKEN[token.type]
        line = token.end_line or token.line or 0
    elif isinstance(error, UnexpectedCharacters):
        found, expected = f"`{error.char}`", error.allowed or set()
    written = {terminal.name: f"`{terminal.pattern.value}`" for terminal in _grammar().terminals}
    known = sorted(_SPOKEN.get(name) or written[name] for name in expected)
    return Place(path, line).error(
        f"{found} is not understood here.",
        remedy=f"The reader knows here: {', '.join(known)}." if known else "Line blocks up with four spaces each.",
    )


class _InFull(NamedTuple):
    """A registration that was written in full."""

    point: int | Range
    region: str | None


class _Values(Transformer[Token, Any]):
    """From the parse tree to values, bottom up; each method is named after the grammar's rule that it turns."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def _place(self, token: Token) -> Place:
        return Place(self._file, token.line or 0)

    def _integer(self, token: Token) -> int:
        if len(token) > _LONGEST_INTEGER:
            raise self._place(token).error(f"an integer of {len(token):,} digits has more than 64 bits.")
        return int(token.replace("_", ""), 16 if token[:2].lower() == "0x" else 10)

    def start(self, parts: list[_Part | _Using]) -> tuple[_Part | _Using, ...]:
        return tuple(parts)

    def using(self, children: list[Token]) -> _Using:
        return _Using(_unquoted(children[0]), self._place(children[0]))

    def entry(self, children: list[Any]) -> _Part:
        name, kind, registrations, alias, *items = children
        flat = [item for group in items for item in (group if isinstance(group, list) else [group])]
        return _Part(str(name), kind, registrations, alias, tuple(flat), self._place(name))

    def type(self, names: list[Token]) -> str:
        return ".".join(names)

    def registrations(self, children: list[Any]) -> tuple[Registration, ...]:
        return tuple(child for child in children if isinstance(child, Registration))

    def registration(self, children: list[Any]) -> Registration:
        parent, *point = children
        where = point[0] if point else None
        if not isinstance(where, _InFull):
            return Registration(str(parent), where, self._place(parent))
        return Registration(str(parent), where.point, self._place(parent), where.region)

    def detailed(self, children: list[Any]) -> _InFull | None:
        """`new Bus.BusRangeRegistration { address: 0x0; size: 0x400 }`: the address, or the range."""
        said = {one.name: one.value for one in children if isinstance(one, Attribute)}
        address, size, region = said.get("address", said.get("offset")), said.get("size"), said.get("region")
        if not isinstance(address, int):
            return None
        point = Range(address, size) if isinstance(size, int) else address
        return _InFull(point, region if isinstance(region, str) else None)

    def place(self, names: list[Token]) -> None:
        """A value of an enumeration instead of an address: no bus of this engine has such places."""

    def places(self, spans: list[list[int]]) -> None:
        """Several numbers at once, as for inputs of another interrupt controller: as above."""

    def alias(self, children: list[Token]) -> str:
        return _unquoted(children[0])

    def attribute(self, children: list[Any]) -> Attribute | _Removed:
        name, value = children
        return _Removed(str(name)) if value is _REMOVED else Attribute(str(name), value, self._place(name))

    def number(self, children: list[Token]) -> int | float:
        *minus, digits = children
        value = float(digits) if digits.type == "REAL" else self._integer(digits)
        if value == float("inf"):
            raise self._place(digits).error("this number is not finite.")
        return -value if minus else value

    def address(self, children: list[Token]) -> int:
        return self._integer(children[0])

    def string(self, children: list[Token]) -> str:
        return _unquoted(children[0])

    def text(self, children: list[Token]) -> str:
        return children[0][3:-3]

    def values(self, children: list[Any]) -> tuple[Value, ...]:
        return () if children == [None] else tuple(children)

    def range(self, children: list[Token]) -> Range:
        start, *middle, end = children
        first, last = self._integer(start), self._integer(end)
        return Range(first, last if middle else last - first)

    def truth(self, children: list[Token]) -> bool:
        return str(children[0]).lower() == "true"

    def reference(self, children: list[Token]) -> Reference:
        return Reference(str(children[0]))

    def member(self, names: list[Token]) -> str:
        """A value of an enumeration: `STM32Series.F7` is the name "F7"."""
        return str(names[-1])

    def nothing(self, children: list[Token]) -> Value | object:
        return _REMOVED if children[0] == "none" else None

    def connection(self, children: list[Any]) -> list[Connection] | list[_Cut]:
        arrow = next(
            index for index, child in enumerate(children) if isinstance(child, Token) and child.type == "ARROW"
        )
        sources = children[0] if arrow else [None]
        targets = children[arrow + 1 :]
        if isinstance(targets[0], Token):
            return [_Cut(source) for source in sources]
        return [wire for target in targets for wire in self._wires(sources, target, self._place(children[arrow]))]

    def _wires(
        self, sources: list[str | int | None], target: tuple[Token, int | None, list[int]], place: Place
    ) -> Iterator[Connection]:
        name, part, inputs = target
        if len(inputs) != len(sources):
            raise place.error(f"{len(sources)} outputs are led to {len(inputs)} inputs.")
        for source, number in zip(sources, inputs, strict=True):
            yield Connection(source, str(name), number, place, part)

    def target(self, children: list[Any]) -> tuple[Token, int | None, list[int]]:
        name, part, inputs = children
        return name, None if part is None else self._integer(part), inputs

    def pin(self, children: list[Token]) -> list[str]:
        return [str(children[0])]

    def pins(self, children: list[Token | list[int]]) -> list[str | int]:
        """Names among numbers: `[0, UpdateInterrupt]`."""
        return [one for child in children for one in (child if isinstance(child, list) else [str(child)])]

    def run(self, children: list[Token]) -> list[int]:
        return [self._integer(children[0])]

    def runs(self, spans: list[list[int]]) -> list[int]:
        return [number for span in spans for number in span]

    def span(self, children: list[Token]) -> list[int]:
        first, last = self._integer(children[0]), self._integer(children[-1])
        if abs(last - first) >= _MOST_WIRES:
            raise self._place(children[0]).error(f"{first} to {last} are more than {_MOST_WIRES:,} wires.")
        step = 1 if last >= first else -1
        return [*builtins.range(first, last + step, step)]

    def commands(self, children: list[Token]) -> list[Command]:
        block, *commands = children
        return [Command(block.split()[0], command.strip(), self._place(command)) for command in commands]

    commands_in_braces = commands


_REMOVED = object()


def _unquoted(token: Token) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])
