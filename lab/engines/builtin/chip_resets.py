"""A reset of the chip while its power stays: who asked for it, and what a machine says that ends a run there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from lab.errors import ChipReset

_SECOND_NS = 10**9


class Cause(Enum):
    """What registers of reset reasons tell apart."""

    SOFTWARE = auto()
    WATCHDOG = auto()
    WINDOW_WATCHDOG = auto()


@dataclass(frozen=True)
class Reset:
    """`said` and `remedy` are for people; `number` is what the chip itself calls the cause, if it has a number."""

    cause: Cause
    said: str
    remedy: str
    number: int = 0

    def error(self, place: str, details: str) -> ChipReset:
        """What ends a run there; `place` is that of the block."""
        return ChipReset(
            f"{self.said} It happened in the block at {place}.",
            remedy=self.remedy,
            details=details,
            code="device-reset" if self.cause is Cause.SOFTWARE else "watchdog-reset",
        )


def by_firmware(register: str, number: int = 0) -> Reset:
    """The firmware asked for it, in that register."""
    return Reset(
        Cause.SOFTWARE,
        f"The firmware reset itself ({register}).",
        "What led to the reset is the last thing in the log; `lab boot` goes on behind it.",
        number,
    )


def by_watchdog(
    name: str, now_ns: int, *, remedy: str, why: str = "", cause: Cause = Cause.WATCHDOG, number: int = 0
) -> Reset:
    """The watchdog of that name was not served, or served wrongly, of which `why` tells."""
    said = f"{name}: the watchdog resets the chip, {now_ns / _SECOND_NS:.6f} s after the start."
    return Reset(cause, said + (f" {why}." if why else ""), remedy, number)
