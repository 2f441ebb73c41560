"""Rows that come block by block, brought together in steps, so that what is kept of them has a size that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[Any]


class Steps:
    """Of each step of `size` rows [rows, values] what `of_steps` makes of them, [steps, size, values] at a time."""

    def __init__(self, size: int, of_steps: Callable[[Rows], Rows]) -> None:
        self.size = size
        self._of_steps = of_steps
        self._waiting: Rows | None = None
        self._made: list[Rows] = []

    def add(self, rows: Rows) -> None:
        """The next rows, of any number."""
        given = rows if self._waiting is None else np.concatenate([self._waiting, rows])
        whole = len(given) // self.size * self.size
        self._made.append(self._of_steps(given[:whole].reshape(-1, self.size, given.shape[1])))
        self._waiting = given[whole:].copy()

    @property
    def any(self) -> bool:
        """Whether there was a row."""
        return self._waiting is not None

    def all(self) -> Rows | None:
        """Everything so far, of the rows at the end too that are less than a step; None if there is nothing."""
        made = [one for one in (*self._made, *self._rest()) if len(one)]
        return np.concatenate(made) if made else None

    def _rest(self) -> Iterator[Rows]:
        if self._waiting is not None and len(self._waiting):
            yield self._of_steps(self._waiting[np.newaxis])


def size(rows: int, values: int, most: int) -> int:
    """The least power of two of rows to a step that leaves about `most` values of rows of so many values."""
    return 1 << max(0, -(-rows * values // most) - 1).bit_length()
