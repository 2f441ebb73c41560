"""Hearing one thing after the other in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lab.executing._work import Item, Outcome, Setup


def hear(setup: Setup[Item, Outcome], items: Sequence[Item]) -> Iterator[Outcome]:
    """The outcome of every item, in order, on one board."""
    listener = setup.listener()
    try:
        for item in items:
            yield listener.hear(item)
    finally:
        listener.close()
