"""What a suite waits for in a line."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Pattern:
    """A part of a line, or a regular expression."""

    text: str
    is_regex: bool = False

    def __str__(self) -> str:
        return f"{' regex' if self.is_regex else ''} >>{self.text}<<"

    def groups(self, line: str, *, at_start: bool = False) -> tuple[str, ...] | None:
        """What the expression's groups hold, None where the line does not match. Raises re.error."""
        if not self.is_regex:
            matches = line.startswith(self.text) if at_start else self.text in line
            return () if matches else None
        match = re.search(self.text, line)
        return None if match is None or (at_start and match.start()) else tuple(group or "" for group in match.groups())
