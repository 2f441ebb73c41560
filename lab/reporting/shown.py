"""A result as it may be shown: no name, label, reason or device's word in it has a control character any more.

`result.json` keeps what was there; everything that is made from it for people is made from this.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

from lab.output import one_line, visible

_LINES = frozenset({"message", "details", "remedy"})
"""Fields that are lines of text by nature: of an error, and what belongs to it. All others are of one line."""

_Model = TypeVar("_Model", bound=BaseModel)


def shown(model: _Model) -> _Model:
    """The same with each string in it written out; most have nothing to write out, and are returned as they are."""
    changed = {name: new for name, old in model if (new := _value(name, old)) is not old}
    return model.model_copy(update=changed) if changed else model


def _value(name: str, value: Any) -> Any:
    """The value itself if nothing in it changes."""
    if isinstance(value, str):
        escaped = visible(value) if name in _LINES else one_line(value)
        return value if escaped == value else escaped
    if isinstance(value, BaseModel):
        return shown(value)
    if isinstance(value, tuple):
        items = tuple(_value(name, item) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if isinstance(value, dict):
        pairs = {_value("", key): _value(name, item) for key, item in value.items()}
        return pairs if pairs != value else value
    return value
