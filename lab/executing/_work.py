"""What is executed, and what executes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
Item_contra = TypeVar("Item_contra", contravariant=True)
Outcome_co = TypeVar("Outcome_co", covariant=True)


class Listener(Protocol[Item_contra, Outcome_co]):
    """A board that is set up and hears one thing after the other. Close it when done."""

    def hear(self, item: Item_contra, /) -> Outcome_co:
        """What came of it."""

    def close(self) -> None:
        """Free the board."""


class Setup(Protocol[Item_contra, Outcome_co]):
    """All that it takes to have a listener somewhere else; it can be pickled, as items and outcomes can."""

    def listener(self) -> Listener[Item_contra, Outcome_co]:
        """A listener with its board booted."""


class Executor(Protocol):
    """Has listeners and lets them hear."""

    def hear(self, setup: Setup[Item, Outcome], items: Sequence[Item]) -> Iterator[Outcome]:
        """The outcome of every item, in their order, whoever heard it.

        Nothing goes on when the iterator ends or is closed. Raises what the device's run raises, and EngineError if
        whoever hears is gone.
        """
