"""Values that are made once and held while they fit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Latest(Generic[Value]):
    """The values that were asked for last, as many as have `at_most` bytes together, but one at least."""

    def __init__(self, at_most: int, size: Callable[[Value], int]) -> None:
        self._at_most = at_most
        self._size = size
        self._held: OrderedDict[Hashable, Value] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of that key, made if it is not held."""
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        value = self._held[key] = make()
        self._bytes += self._size(value)
        while self._bytes > self._at_most and len(self._held) > 1:
            self._bytes -= self._size(self._held.popitem(last=False)[1])
        return value
