"""A monitor script as commands with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab import files
from lab.errors import ConfigurationError

_BLOCK = '"""'


@dataclass(frozen=True)
class Line:
    """A command as written, in one line or, with a block in triple quotes, in several; `number` is that of the first.

    `file` is None for what was not read from a file.
    """

    text: str
    file: Path | None = None
    number: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.number}" if self.file else self.text.strip()

    def below(self, offset: int, text: str) -> Line:
        """A line of its own that starts `offset` characters into this one."""
        return Line(text, self.file, self.number + self.text.count("\n", 0, offset))


def read(path: Path) -> list[Line]:
    """The commands of a file. Raises ConfigurationError if it cannot be read."""
    try:
        return list(_joined(path, files.text(path).splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        reason = files.why_unread(error)
        raise ConfigurationError(
            f"{path} cannot be read: {reason}.", remedy="Name a monitor script (.resc).", code="file-unreadable"
        ) from error


def _joined(path: Path, lines: list[str]) -> Iterator[Line]:
    """Each block in triple quotes together with the line that it belongs to, which may be the one before."""
    number = 0
    while number < len(lines):
        first, text = number, lines[number]
        if number + 1 < len(lines) and _BLOCK not in text and lines[number + 1].startswith(_BLOCK):
            number += 1
            text += "\n" + lines[number]
        while text.count(_BLOCK) % 2 and number + 1 < len(lines):
            number += 1
            text += "\n" + lines[number]
        yield Line(text, path, first + 1)
        number += 1
