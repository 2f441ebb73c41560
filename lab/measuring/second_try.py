"""An emulator that dies takes nothing with it: what was being played is played once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lab.errors import EngineDied

Heard = TypeVar("Heard")


def heard(listen: Callable[[], Heard]) -> tuple[Heard, tuple[str, ...]]:
    """What `listen` returns, and what is to be said of it. Raises what the second try raises."""
    try:
        return listen(), ()
    except EngineDied:
        return listen(), ("played twice, because the emulator died during the first time",)
