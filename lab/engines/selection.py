"""Choosing an engine by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab.engines.machine import Engine
from lab.engines.renode import installation
from lab.engines.renode.installation import Installation
from lab.errors import UnknownName, UsageError

NAMES = ("auto", "builtin", "renode")


@dataclass(frozen=True)
class Choice:
    """An engine by the name that it has, what is to be said of it in the result, and the Renode that it drives."""

    name: str
    notes: tuple[str, ...] = ()
    renode: Installation | None = None


def choose(name: str, renode: Path | None = None) -> Choice:
    """What an engine's name comes to on this machine; `renode` is the program to take instead of the usual places.

    `auto` is Renode where a supported version is installed, else the built-in engine.
    Raises UnknownName, ToolMissing if there is no Renode, UsageError if the one that is named is none.
    """
    if name not in NAMES:
        raise UnknownName("engine", name, NAMES)
    if name == "builtin":
        if renode is not None:
            raise UsageError(
                "--renode names a Renode, and --engine builtin uses none.", remedy="Leave one of them out."
            )
        return Choice("builtin")
    if name == "auto" and renode is None:
        found = installation.look()
        if found is None:
            return Choice("builtin", ("The engine is the built-in one: no supported Renode found",))
    else:
        found = installation.find(renode)
    said = f"The engine is Renode {found.version}, found by {found.origin}"
    return Choice("renode", tuple(filter(None, (said, found.warning.rstrip(".")))), found)


def select(name: str, renode: Path | None = None) -> Engine:
    """The engine that `choose` comes to. Raises as it does."""
    chosen = choose(name, renode)
    if chosen.renode is not None:
        from lab.engines.renode.engine import RenodeEngine  # noqa: PLC0415  (heavy: reads descriptions)

        return RenodeEngine(chosen.renode)
    from lab.engines.builtin import BuiltinEngine  # noqa: PLC0415  (loads Unicorn)

    return BuiltinEngine()
