"""Addresses that a description names although nothing is there: `Tag <0x40000000 0x400> "POWER" 0x1`.

As in Renode such an address reads as its tag says, 0 if it says nothing, and keeps nothing. Renode notes each access to
one that is not silenced (`SilenceRange <0x40000000 0x400>`); here it is told as one to a register without a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lab.engines.builtin.description import Command
from lab.engines.builtin.peripheral import Board, Peripheral

NUMBER = r"(0x[0-9A-Fa-f][0-9A-Fa-f_]{0,19}|[0-9][0-9_]{0,19})"
"""As `number` takes it: of 64 bits, and of others that do not fit either."""
_TAG = re.compile(rf'Tag\s+<\s*{NUMBER}(\s*,\s*|\s+){NUMBER}\s*>\s+(?:"([^"]*)"|(\S+))(?:\s+{NUMBER})?(?:\s.*)?')
_SILENCE = re.compile(rf"SilenceRange\s+<\s*{NUMBER}(\s*,\s*|\s+){NUMBER}\s*>")
_NAMES_ONLY = re.compile(r"ApplySVD\s+\S+")
"""Gives names to what the log says."""


@dataclass(frozen=True)
class Tag:
    """Addresses from `start` to before `end`, what they are called, and what they read."""

    start: int
    end: int
    name: str
    value: int
    silent: bool


def of(commands: Iterable[Command]) -> Iterator[Tag]:
    """The tags that the system bus is given. Raises ConfigurationError for any other command."""
    for command in commands:
        if found := _TAG.fullmatch(command.text):
            start, comma, end, name, bare, value = found.groups()
            yield _tag(command, start, comma, end, name or bare, value or "0", silent=False)
        elif found := _SILENCE.fullmatch(command.text):
            start, comma, end = found.groups()
            yield _tag(command, start, comma, end, "silenced", "0", silent=True)
        elif not _NAMES_ONLY.fullmatch(command.text):
            raise not_followed(command)


def number(text: str) -> int:
    """A number in a command, hexadecimal or decimal; 010 is ten."""
    return int(text.replace("_", ""), 16 if text.startswith("0x") else 10)


def follows(command: Command) -> bool:
    """Whether `of` takes it."""
    return any(pattern.fullmatch(command.text) for pattern in (_TAG, _SILENCE, _NAMES_ONLY))


def not_followed(command: Command) -> Exception:
    """The error of a monitor command that the engine does not follow in a description."""
    return command.place.error(
        f"the built-in engine does not follow `{command.text}` in a description.",
        remedy="Move the command to the .resc beside the description. Of the system bus it follows Tag, SilenceRange "
        "and ApplySVD, of memories WriteByte, WriteWord and WriteDoubleWord.",
    )


def _tag(command: Command, start: str, comma: str, last: str, name: str, value: str, *, silent: bool) -> Tag:
    """`<first, last>`, or `<first size>`."""
    begin, second = number(start), number(last)
    end = second + 1 if comma.strip() else begin + second
    if not begin < end <= 1 << 32:
        raise command.place.error(f"`{command.text}` is about no addresses of 32 bits.")
    return Tag(begin, end, name, number(value), silent)


class Tags(Peripheral):
    """All of a board's tags; its registers are at their addresses."""

    def __init__(self, board: Board, tags: Sequence[Tag]) -> None:
        super().__init__(board)
        self._tags = sorted(tags, key=lambda tag: tag.end - tag.start)  # one within another comes before it
        self._fixed.add("_tags")

    def read(self, offset: int, size: int) -> int:
        """What the tag says."""
        tag = self.at(offset)
        if tag is None or not tag.silent:
            self.missing(False)
        return (tag.value if tag else 0) & ((1 << 8 * size) - 1)

    def write(self, offset: int, size: int, value: int) -> None:  # noqa: ARG002
        """Nothing is kept."""
        tag = self.at(offset)
        if tag is None or not tag.silent:
            self.missing(True)

    def steady(self, offset: int) -> bool:  # noqa: ARG002
        """It never changes."""
        return True

    def at(self, address: int) -> Tag | None:
        """The tag of that address; of several the narrowest."""
        return next((tag for tag in self._tags if tag.start <= address < tag.end), None)
