"""Choosing an engine by name."""

from __future__ import annotations

from lab.engines.machine import Engine
from lab.errors import UnknownName, UsageError

NAMES = ("auto", "builtin", "renode")


def select(name: str) -> Engine:
    """The engine of that name; `auto` is the best one that is ready.

    Raises UnknownName, and UsageError for an engine that this version does not drive.
    """
    if name not in NAMES:
        raise UnknownName("engine", name, NAMES)
    if name == "renode":
        raise UsageError(
            "This version of the lab does not drive Renode yet.",
            remedy="Use --engine builtin: it runs the same ELF on the same platform description.",
            code="engine-unavailable",
        )
    from lab.engines.builtin import BuiltinEngine  # noqa: PLC0415  (loads Unicorn)

    return BuiltinEngine()
