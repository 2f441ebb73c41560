"""Finding what is a module of a package each: a new one is a new file, and no list names it.

A module whose name begins with an underscore is what those of its package share.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType
from typing import TypeVar

Defined = TypeVar("Defined")


def names(package: str) -> list[str]:
    """Of the modules of a package, without loading them."""
    path = import_module(package).__path__
    return sorted(module.name for module in pkgutil.iter_modules(path) if not module.name.startswith("_"))


def every(package: str) -> list[ModuleType]:
    """The modules of a package, by name."""
    return [import_module(f"{package}.{name}") for name in names(package)]


def defined(package: str, of: type[Defined]) -> list[Defined]:
    """The objects of a type that the modules of a package define, in their order there."""
    return [value for module in every(package) for value in vars(module).values() if isinstance(value, of)]
