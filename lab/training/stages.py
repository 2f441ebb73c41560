"""How a training tells where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Advance = Callable[[str], None]
"""Called after each unit of a stage, such as a recording or an epoch, with a word on it or nothing."""


class Progress(Protocol):
    """Shows where a training is: `stage` begins one of so many units."""

    def stage(self, name: str, total: int) -> Advance:
        """Returns what is called as each unit gets done."""
