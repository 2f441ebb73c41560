"""Words of monitor commands, cut as Renode's tokenizer cuts them, save for what no command here takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.errors import ConfigurationError

Value = str | int | float | bool | Path

_TOKEN = re.compile(
    r"""
      (?P<space> \s+ )
    | (?P<comment> [#:][^\n]* )
    | (?P<variable> \$[\w.]+ )
    | (?P<block> \"{3}.+?\"{3} )
    | (?P<string> '[^'\\]*(?:\\.[^'\\]*)*' | "[^"\\]*(?:\\.[^"\\]*)*" )
    | (?P<path> @(?:\\[ ]|[^\s;])+ )
    | (?P<hex> 0x[0-9A-Fa-f]+ )
    | (?P<real> [+-]?\d+\.\d* )
    | (?P<integer> [+-]?\d+ )
    | (?P<truth> (?:[Tt]rue|[Ff]alse)\b )
    | (?P<if_unset> \?= )
    | (?P<equals> = )
    | (?P<split> ; )
    | (?P<name> [\w.?-][\w.?:-]* )
    """,
    re.VERBOSE | re.DOTALL,
)
_DROPPED = ("space", "comment")


@dataclass(frozen=True)
class Token:
    """One word. `kind` is its group in the pattern; `at` where it starts in the command."""

    kind: str
    text: str
    at: int

    @property
    def value(self) -> Value:
        """What it stands for; a path is as written, whether it is there or not."""
        convert = _VALUES.get(self.kind)
        return convert(self.text) if convert else self.text


def tokens(text: str, variable: Callable[[str], Token]) -> list[Token]:
    """The words of `text`, without comments.

    `$ORIGIN/board.repl` becomes one path: a variable is put in where its name runs into what is no word. Raises
    ConfigurationError for what is no word anywhere.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            if found and found[-1].kind == "variable" and found[-1].at + len(found[-1].text) == at:
                last = found[-1]
                return tokens(text[: last.at] + variable(last.text[1:]).text + text[at:], variable)
            raise ConfigurationError(
                f"{text[at:].splitlines()[0]!r} is not understood behind {text[:at].strip()!r}.",
                remedy="Put a text with unusual characters in double quotes.",
                code="monitor-command",
            )
        kind = str(match.lastgroup)
        if kind not in _DROPPED:
            found.append(Token(kind, match[0], at))
        at = match.end()
    return found


def commands(words: list[Token]) -> Iterator[list[Token]]:
    """The commands in a line, which semicolons part."""
    command: list[Token] = []
    for word in words:
        if word.kind == "split":
            yield command
            command = []
        else:
            command.append(word)
    yield command


def _path(text: str) -> Path:
    return Path(text.lstrip("@").replace("\\ ", " "))  # as in Renode, of a variable that has one of its own


_VALUES: dict[str, Callable[[str], Value]] = {
    "path": _path,
    "hex": lambda text: int(text, 16),
    "real": float,
    "integer": int,
    "truth": lambda text: text.lower() == "true",
    "string": lambda text: text[1:-1].replace("\\" + text[0], text[0]),
    "block": lambda text: text[3:-3],
}
