"""Random choices that are the same on every machine, in every version of Python: only `random()` is promised to be."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Draws:
    """Choices that follow from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (nothing secret)

    def happens(self, probability: float) -> bool:
        """Whether something of that probability happens."""
        return self._random.random() < probability

    def between(self, span: tuple[float, float]) -> float:
        """A number from the span, each as likely."""
        low, high = span
        return low + (high - low) * self._random.random()

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        return int(self._random.random() * count)


class Deck(Generic[Item]):
    """Items to be drawn one after the other: all in random order, then all in another."""

    def __init__(self, draws: Draws, items: Sequence[Item]) -> None:
        self._draws = draws
        self._items = list(items)
        self._left: list[Item] = []

    def draw(self) -> Item | None:
        """The next; None without any."""
        if not self._items:
            return None
        if not self._left:
            self._left = list(self._items)
        return self._left.pop(self._draws.below(len(self._left)))

    def discard(self, item: Item) -> None:
        """Never draw it again."""
        self._items.remove(item)
        if item in self._left:
            self._left.remove(item)
