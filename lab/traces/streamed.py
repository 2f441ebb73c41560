"""Frames that are computed one after the other, such as by a filter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from lab.traces.trace import Values


@dataclass
class Streamed:
    """So many `frames` of `columns` that `begin` gives in pieces of any size, from the first on whenever it is called.

    Reading goes on where it ended; to read anything else means to begin again.
    """

    frames: int
    columns: int
    begin: Callable[[], Iterator[Values]]
    _left: Iterator[Values] = field(init=False, repr=False)
    _held: Values = field(init=False, repr=False)
    _next: int = field(init=False)

    def __post_init__(self) -> None:
        self._restart()

    def __len__(self) -> int:
        return self.frames

    def read(self, first: int, count: int) -> Values:
        """As `Frames` has it."""
        if first < self._next:
            self._restart()
        while self._next < first and self._fill(1):
            self._drop(first - self._next)
        wanted = max(0, min(count, self.frames - first))
        self._fill(wanted)
        found = self._held[:wanted]
        self._drop(wanted)
        return found

    def _restart(self) -> None:
        self._left, self._held, self._next = self.begin(), np.empty((0, self.columns)), 0

    def _fill(self, count: int) -> int:
        """Hold so many frames, as far as there are any, and how many are held."""
        pieces, held = [self._held], len(self._held)
        while held < count and (piece := next(self._left, None)) is not None:
            pieces.append(piece)
            held += len(piece)
        self._held = np.concatenate(pieces) if len(pieces) > 1 else self._held
        return held

    def _drop(self, count: int) -> None:
        self._next += min(count, len(self._held))
        self._held = self._held[count:]
