"""On which line of a TOML file a key is set, which the standard library's parser does not keep, and setting it anew."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:  # the same parser, packaged for CPython 3.10
    import tomli as tomllib

_TABLE = re.compile(r"\s*\[\[?([^\[\]]+)\]")
_KEY = re.compile(r"\s*([\w\"'.\- ]+?)\s*=")


def line_of(text: str, *key: str) -> int | None:
    """The line, from 1, that first sets `key` (or a part of it) in a valid TOML text; None if none does."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _TABLE.match(line):
            found = table = _parts(heading[1])
        elif assignment := _KEY.match(line):
            found = table + _parts(assignment[1])
        else:
            continue
        if found[: len(key)] == key:
            return number
    return None


def as_toml(value: Any) -> str:
    """A number, text, or list of them, as TOML: `31_433`, `[1, 2]`."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(quoted(one) if isinstance(one, str) else json.dumps(one) for one in value)}]"
    return f"{value:_}" if type(value) is int else json.dumps(value)


def quoted(text: str) -> str:
    """A text as TOML's basic string, in which JSON's pairs of surrogates and a bare DEL are not allowed."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in escaped) + '"'


def with_value(text: str, value: Any, table: str, key: str) -> str | None:
    """A valid TOML text with another value of a key in `[table]`, all else, comments beside it included, as it was.

    A key that is not there comes first in the table. None if the table is written in another way, such as inline.
    """
    wanted = tomllib.loads(text)
    if not isinstance(wanted.get(table), dict):
        return None
    known = key in wanted[table]
    wanted[table][key] = value
    lines = text.splitlines(keepends=True)
    found = line_of(text, table, key) if known else line_of(text, table)
    if found is None:
        return None
    written = as_toml(value)
    if known:
        before, _, old = lines[found - 1].partition("=")
        until = next((end for end in range(found, len(lines) + 1) if _valid(old + "".join(lines[found:end]))), found)
        lines[found - 1 : until] = [f"{before.rstrip()} = {_replaced(old + ''.join(lines[found:until]), written)}"]
    else:
        lines.insert(found, f"{key} = {written}\n")
    changed = "".join(lines)
    return changed if _valid(changed, alone=False) and tomllib.loads(changed) == wanted else None


def _replaced(old: str, written: str) -> str:
    """A value for another; a comment behind it stays where it was, if there is room."""
    at = next((found.start() for found in re.finditer("#", old) if _valid(old[: found.start()])), None)
    if at is None:
        return written + old[len(old.rstrip()) :]
    return written.ljust(0 if "\n" in old[:at] else at - 2) + " " + old[at:]


def _valid(text: str, *, alone: bool = True) -> bool:
    """Whether it is TOML, or the value of a key `alone`."""
    try:
        content: dict[str, Any] = tomllib.loads(f"value = {text}" if alone else text)
    except tomllib.TOMLDecodeError:
        return False
    return not alone or len(content) == 1


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
