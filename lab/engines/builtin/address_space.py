"""Which device is at an address of the bus: the pages of Unicorn's that devices have for themselves, or share."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lab.engines.builtin.description import Registration
from lab.engines.builtin.peripheral import Peripheral

APART = "Give it an address of its own, such as the board's reference manual says."

Found = tuple[Peripheral, int]
"""A device, and where it begins."""


@dataclass(frozen=True)
class Place:
    """Addresses from `start` to before `end` of a device. Where its end is `guessed` another one may begin before it.

    Its first register is at `base`, or at `start` without one.
    """

    device: Peripheral
    start: int
    end: int
    guessed: bool
    registration: Registration | None = None
    base: int | None = None

    @property
    def found(self) -> Found:
        """What is there."""
        return self.device, self.start if self.base is None else self.base


class AddressSpace:
    """Devices by their addresses. What is in a page with a device belongs to it; with several, to the one before it.

    `page` is the size of Unicorn's pages in bytes.
    """

    def __init__(self, page: int) -> None:
        self._page = page
        self._places: list[Place] = []
        self._starts: list[int] = []
        self.pages: dict[int, Found] = {}
        """Of pages that are one device's, those that were gone to."""

    def fill(self, places: Iterable[Place]) -> None:
        """Put devices in. Raises ConfigurationError, with the line, for one that begins within another."""
        placed: list[Place] = []
        for place in sorted([*self._places, *places], key=lambda one: one.start):
            if placed and placed[-1].end > place.start:
                before = placed[-1]
                if not before.guessed or before.start == place.start:
                    raise _taken(before, place)
                placed[-1] = replace(before, end=place.start)
            placed.append(place)
        self._places, self._starts = placed, [place.start for place in placed]
        self.pages.clear()

    def rows(self) -> Iterator[tuple[int, int]]:
        """Pages that devices have, those in a row together: where they begin and end."""
        begin = end = -1
        for place in self._places:
            first, last = place.start & -self._page, -(-place.end & -self._page)
            if first > end:
                if end >= 0:
                    yield begin, end
                begin = first
            end = max(end, last)
        if end >= 0:
            yield begin, end

    def free(self, wanted: Iterable[tuple[int, int]], memories: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Whole pages of what is wanted that neither devices nor those memories have, in order."""
        taken = sorted([*self.rows(), *memories])
        reached = 0
        for begin, end in sorted(wanted):
            at, last = max(begin & -self._page, reached), -(-end & -self._page)
            for start, stop in taken:
                if stop <= at or start >= last:
                    continue
                if start > at:
                    yield at, start & -self._page
                at = max(at, stop)
            if at < last:
                yield at, last
            reached = max(reached, last)

    def at(self, address: int) -> Found | None:
        """The device there, and where it begins; None where there is none."""
        page = address & -self._page
        found = self.pages.get(page)
        return found if found is not None else self._look(page, address)

    def _look(self, page: int, address: int) -> Found | None:
        first = bisect_right(self._starts, page) - 1  # the last that begins at the page's beginning or before
        if first < 0 or self._places[first].end <= page:
            first += 1
        behind = bisect_right(self._starts, page + self._page - 1)
        if first >= behind:
            return None
        place = self._places[max(first, bisect_right(self._starts, address) - 1)]
        if behind - first == 1:
            self.pages[page] = place.found
        return place.found


def _taken(before: Place, place: Place) -> Exception:
    registration = place.registration or before.registration
    if registration is None:  # nothing that a description says
        raise AssertionError(f"{before.device.name} and {place.device.name} are both at {place.start:#x}")
    return registration.place.error(f"{before.device.name} is at {place.start:#010x} already.", remedy=APART)
