"""Variants: number formats and sizes that a trained network can be converted to, a module each."""

from __future__ import annotations

from collections.abc import Sequence

from lab import modules
from lab.errors import UnknownName
from lab.training.variants._making import Made, judged, made
from lab.training.variants._variant import Variant

ALL = "all"


def every() -> list[Variant]:
    """By name."""
    return sorted(modules.defined(__name__, Variant), key=lambda one: one.name)


def chosen(wanted: Sequence[str]) -> list[Variant]:
    """Those of these names, or with `all` every one. Raises UnknownName."""
    known = {one.name: one for one in every()}
    for name in wanted:
        if name not in (ALL, *known):
            raise UnknownName("variant", name, [ALL, *known])
    return list(known.values()) if ALL in wanted else [known[name] for name in dict.fromkeys(wanted)]


__all__ = ["ALL", "Made", "Variant", "chosen", "every", "judged", "made"]
