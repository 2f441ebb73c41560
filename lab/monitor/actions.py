"""What an object of the monitor can do: methods under the names that Renode gives them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from lab.errors import ConfigurationError, did_you_mean
from lab.monitor.tokens import Value

Method = TypeVar("Method", bound=Callable[..., str | None])


_DIGITS = re.compile(r"\d+(\.\d+)?")
_SPOKEN: dict[Any, str] = {
    bool: "true or false",
    int: "number",
    float: "time",
    Decimal: "number, or text of one",
    str: "text",
    Path: "file",
}


def action(name: str) -> Callable[[Method], Method]:
    """Offer a method as `<object> <name> <arguments>`; what it returns is printed.

    Arguments are fitted to its annotations: bool, int, str, Path, float for a time, which is a text as in Renode, and
    Decimal for a number that may be a text, of which Renode keeps more digits.
    """

    def mark(method: Method) -> Method:
        method.action = name  # type: ignore[attr-defined]
        return method

    return mark


def printed(value: int, digits: int) -> str:
    """A number as Renode's keywords return it."""
    return f"0x{value:0{digits}X}\n\n"


def of(target: object) -> dict[str, Callable[..., str | None]]:
    """The actions of an object by name."""
    methods = inspect.getmembers(type(target), lambda member: hasattr(member, "action"))
    return {method.action: getattr(target, name) for name, method in methods}


def call(
    path: str, target: object, name: str, arguments: Sequence[Value], find: Callable[[Path], Path] = lambda path: path
) -> str:
    """Do `name` and return what it prints; `find` says where a file is.

    Raises ConfigurationError for an action or arguments that it has not, and as `find` does.
    """
    known = of(target)
    if name not in known:
        raise ConfigurationError(
            f"{path} has no {name} on the built-in engine.{did_you_mean(name, known)}",
            remedy=f"It has: {', '.join(sorted(known)) or 'nothing'}.",
            code="monitor-command",
        )
    method = known[name]
    parameters = list(inspect.signature(method).parameters.values())
    needed = sum(parameter.default is inspect.Parameter.empty for parameter in parameters)
    hints = get_type_hints(method)
    fitted = [_fitted(value, hints[one.name]) for value, one in zip(arguments, parameters, strict=False)]
    if not needed <= len(arguments) <= len(parameters) or None in fitted:
        takes = ", ".join(_described(parameter, hints) for parameter in parameters) or "no arguments"
        given = " ".join(map(str, arguments)) or "none"
        raise ConfigurationError(
            f"{path} {name} takes {takes}; given: {given}.",
            remedy="Texts and times are in double quotes, files behind @, numbers bare.",
            code="monitor-command",
        )
    return method(*(find(value) if isinstance(value, Path) else value for value in fitted)) or ""


def _fitted(value: Value, kind: Any) -> Value | Decimal | None:
    """The value as the parameter takes it, None if it does not."""
    if kinds := get_args(kind):  # of several kinds, or left out
        taken = (_fitted(value, one) for one in kinds if one is not type(None))
        return next((one for one in taken if one is not None), None)
    if kind is float:
        return float(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else None
    if kind is Decimal:
        return Decimal(str(value)) if type(value) is not bool and _DIGITS.fullmatch(str(value)) else None
    if kind in (str, Path) and isinstance(value, str | Path):
        return Path(value) if kind is Path else str(value)
    return value if type(value) is kind else None


def _described(parameter: inspect.Parameter, hints: dict[str, Any]) -> str:
    kinds = get_args(hints[parameter.name]) or (hints[parameter.name],)
    spoken = " or ".join(_SPOKEN[kind] for kind in kinds if kind is not type(None))
    text = f"{parameter.name} ({spoken})"
    return text if parameter.default is inspect.Parameter.empty else f"[{text}]"
