"""Options in groups: a command takes a frozen dataclass, and typer sees its fields as options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import wraps
from typing import Any, get_type_hints


def grouped(command: Callable[..., int]) -> Callable[..., int]:
    """The command with the fields of each parameter that is a dataclass in its place.

    A field's type is annotated as an option's is, and its default is the option's.
    """
    hints = _hints(command)
    groups = {name: hint for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)}

    @wraps(command)
    def flat(**given: Any) -> int:
        made = {name: kind(**{one.name: given.pop(one.name) for one in fields(kind)}) for name, kind in groups.items()}
        return command(**given, **made)

    signature = inspect.signature(command)
    parameters = [one for parameter in signature.parameters.values() for one in _flat(parameter, hints, groups)]
    flat.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {one.name: one.annotation for one in parameters} | {"return": int}
    return flat


def _hints(command: Callable[..., int]) -> dict[str, Any]:
    """As of a class: what of a function has the default None CPython 3.10 wraps, which hides typer's annotation."""
    said = {"__annotations__": command.__annotations__, "__module__": command.__module__}
    return get_type_hints(type(command.__name__, (), said), include_extras=True)


def _flat(
    parameter: inspect.Parameter, hints: dict[str, Any], groups: dict[str, type[Any]]
) -> Iterator[inspect.Parameter]:
    keyword = inspect.Parameter.KEYWORD_ONLY
    kind = groups.get(parameter.name)
    if kind is None:
        yield parameter.replace(kind=keyword, annotation=hints[parameter.name])
        return
    types = get_type_hints(kind, include_extras=True)
    for one in fields(kind):
        default = inspect.Parameter.empty if one.default is MISSING else one.default
        yield inspect.Parameter(one.name, keyword, default=default, annotation=types[one.name])
