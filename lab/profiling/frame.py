"""A call tree as values: each frame with what it spent itself, and the frames below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from lab.engines.builtin.calls import Kind
from lab.profiling.cost import NOTHING, Cost


@dataclass(frozen=True)
class Frame:
    """A function as it was called from the frame above, so many times. `own` is without the frames below.

    `symbol` is the name in the image, `name` the one for people. `site` is the address that the call returns to, where
    calls are kept apart.
    """

    symbol: str
    name: str
    kind: Kind
    calls: int = 0
    own: Cost = NOTHING
    below: tuple[Frame, ...] = ()
    site: int = 0

    @cached_property
    def total(self) -> Cost:
        """Its own and all below it."""
        return sum((frame.total for frame in self.below), self.own)

    def walk(self) -> Iterator[Frame]:
        """It and every frame below it, callers first."""
        yield self
        for frame in self.below:
            yield from frame.walk()

    def find(self, *symbols: str) -> Frame | None:
        """The first frame of one of these functions."""
        return next((frame for frame in self.walk() if frame.symbol in symbols), None)

    def without_handlers(self) -> Frame:
        """The same tree as if no exception had been handled."""
        return replace(self, below=tuple(frame.without_handlers() for frame in self.below if frame.kind != "handler"))

    def handlers(self) -> Iterator[Frame]:
        """What exceptions ran, wherever they came; one that came during another is within that."""
        for frame in self.below:
            if frame.kind == "handler":
                yield frame
            else:
                yield from frame.handlers()
