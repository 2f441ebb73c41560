"""What stands on a timeline: lanes, from the top down. Times are seconds of whatever was played."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from lab.outcomes.inferences import Inferences

COLOURS = ("c0", "c1", "c2", "c3", "c4", "good", "bad", "warn", "soft")
"""The tones of items and curves, which are colours of `style.css`."""

Role = Literal["", "events", "steps"]

Ticks = Sequence[tuple[str, float]]
"""Values at the side of a lane, in words, each with its share of the height."""


@dataclass(frozen=True)
class Item:
    """Something from one second to another, of no length if both are the same. `label` is drawn, `told` says it all."""

    begin_s: float
    end_s: float
    label: str
    told: str
    tone: str = "soft"


@dataclass(frozen=True)
class Items:
    """Items in the order in which they begin; those that overlap stand one below the other.

    One goes from event to event by the keys, and in small steps by those of "steps".
    """

    name: str
    items: Sequence[Item]
    role: Role = ""


def items(name: str, found: Iterable[Item], role: Role = "") -> Items | None:
    """The lane of those there are, in their order; None without any."""
    in_order = sorted(found, key=lambda one: one.begin_s)
    return Items(name, in_order, role) if in_order else None


@dataclass(frozen=True)
class Curves:
    """`values` [times, curves], as shares of the height, at `times_s`; `told` says the values of each time.

    `numbers` are the same values as they are. Curve n is of `names[n]` and has the tone `tones[n]`. They are `joined`
    where values come again and again, and dots where they come when something happens. `threshold` is a share too.
    """

    name: str
    names: Sequence[str]
    tones: Sequence[str]
    times_s: NDArray[np.float64]
    values: NDArray[np.float64]
    numbers: NDArray[np.float64]
    told: Sequence[str]
    ticks: Ticks
    joined: bool
    threshold: float | None = None
    threshold_told: str = ""


@dataclass(frozen=True)
class Load:
    """Shares of the time from `begins_s` to `ends_s` in which a core did not sleep, for each such time in order."""

    name: str
    begins_s: NDArray[np.float64]
    ends_s: NDArray[np.float64]
    shares: NDArray[np.float64]

    @classmethod
    def since_the_last(cls, told: Inferences, begin_s: float) -> Self | None:
        """Of each inference since the one before ended, the first since `begin_s`; None where nobody knows any."""
        known = ~np.isnan(told.loads)
        begins_s = np.concatenate([[begin_s], told.ends_s[:-1]])
        loads = told.loads[known].astype(np.float64)
        return cls("load", begins_s[known], told.ends_s[known], loads) if known.any() else None


@dataclass(frozen=True)
class Waves:
    """The lowest and the highest value of each axis in each `step_s`, [steps, axes], as shares of the height.

    It begins at `begin_s`; `axes` are in words.
    """

    name: str
    axes: Sequence[str]
    begin_s: float
    step_s: float
    lows: NDArray[np.float64]
    highs: NDArray[np.float64]
    ticks: Ticks = ()


@dataclass(frozen=True)
class Picture:
    """A column of uint8 for each `step_s`, [columns, lines], from `begin_s` on; the first line is at the bottom.

    `ticks` are names of lines. `told` says how coarse it is.
    """

    name: str
    begin_s: float
    step_s: float
    values: NDArray[np.uint8]
    ticks: Ticks
    told: str


Lane = Items | Curves | Load | Waves | Picture


@dataclass(frozen=True)
class Timeline:
    """Lanes from `begin_s` to `end_s`."""

    begin_s: float
    end_s: float
    lanes: Sequence[Lane]
