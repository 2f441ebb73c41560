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

    def groups(self, line: str) -> tuple[str, ...] | None:
        """What the expression's groups hold, None where the line does not match. Raises re.error."""
        if not self.is_regex:
            return () if self.text in line else None
        match = re.search(self.text, line)
        return None if match is None else tuple(group or "" for group in match.groups())
