"""On which line of a TOML file a key is set; the standard library's parser does not keep it."""

from __future__ import annotations

import re

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


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
