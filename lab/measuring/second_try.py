"""An emulator that dies takes nothing with it: what was being played is played once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from lab.errors import EngineDied
from lab.executing import Gathered

Outcome = TypeVar("Outcome")
One = TypeVar("One")

_TWICE = ("played twice, because the emulator died during the first time",)


def heard(listen: Callable[[], Outcome]) -> tuple[Outcome, tuple[str, ...]]:
    """What `listen` returns, and what is to be said of it. Raises what the second try raises."""
    try:
        return listen(), ()
    except EngineDied:
        return listen(), _TWICE


def gathered(play: Callable[[], Gathered[Outcome]]) -> tuple[Gathered[Outcome], tuple[str, ...]]:
    """The same of what is played on and on from one boot: the second time it is played from the beginning."""
    first = play()
    return (play(), _TWICE) if isinstance(first.error, EngineDied) else (first, ())


class Told(Generic[One]):
    """Calls `tell` with each thing, and with none a second time that comes again after `begin`."""

    def __init__(self, tell: Callable[[One], object]) -> None:
        self._tell = tell
        self._place = self._told = 0

    def begin(self) -> None:
        """From here on all comes again, from the first on."""
        self._place = 0

    def __call__(self, one: One) -> None:
        """The next one."""
        self._place += 1
        if self._place > self._told:
            self._told = self._place
            self._tell(one)
