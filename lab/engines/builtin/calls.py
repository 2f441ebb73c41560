"""Who called whom, and what each spent: the tree that core/calls.c keeps while calls are followed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from lab.engines.builtin import shim
from lab.image import Symbol

Kind = Literal["section", "function", "handler"]

_KINDS: dict[int, Kind] = {shim.SECTION: "section", shim.FUNCTION: "function", shim.HANDLER: "handler"}


@dataclass(frozen=True)
class Call:
    """All calls of one function from one place in the tree. Instructions and cycles are its own, without its callees'.

    `parent` is an index into the same tree. A section is a root: its `name` is the argument of the mark at which it
    began, `0` before the first one. A handler's name is that of its exception; a function without a symbol has none.
    `site` is the address that the call returns to, and tells apart the calls of a function that were kept apart.
    """

    parent: int | None
    kind: Kind
    name: str
    site: int
    calls: int
    instructions: int
    cycles: int


def table(functions: Sequence[Symbol], apart: Collection[str]) -> list[shim.Function]:
    """In order and none overlapping the next, as the shim wants them; one without a size reaches up to the next."""
    ends = [after.address for _, after in pairwise(functions)]
    found = []
    for function, limit in zip(functions, [*ends, None], strict=True):
        end = function.address + (function.size or 2)
        if limit is not None:
            end = min(end, limit) if function.size else limit
        found.append(shim.Function(function.address, end, function.name in apart))
    return found


def tree(
    nodes: Sequence[shim.CallNode], functions: Sequence[Symbol], handler: Callable[[int], str]
) -> tuple[Call, ...]:
    """The shim's nodes with their names; a node's parent comes before it."""

    def name(node: shim.CallNode) -> str:
        if node.kind == shim.SECTION:
            return str(node.id)
        if node.kind == shim.HANDLER:
            return handler(node.id)
        return "" if node.id == shim.UNNAMED else functions[node.id].name

    return tuple(
        Call(
            parent=None if node.kind == shim.SECTION else node.parent,
            kind=_KINDS[node.kind],
            name=name(node),
            site=node.site,
            calls=node.calls,
            instructions=node.instructions,
            cycles=node.cycles,
        )
        for node in nodes
    )
