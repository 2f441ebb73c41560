"""Several axes over time, as lines of an SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.reporting.html.words import MINUS

WIDTH, HEIGHT = 320, 100
_APART = 3.0
"""Axes that are so many times further from each other than each of them moves would be flat beside each other."""
_ROOM = 0.06
_LEAST = 1e-9
_MOST_TICKS = 5


@dataclass(frozen=True)
class Line:
    """An axis as a path in a box of WIDTH x HEIGHT; `mean` is in words where lines are drawn without theirs, or ""."""

    name: str
    path: str
    mean: str


@dataclass(frozen=True)
class Plot:
    """The lines, the range of what they show in words, and values at the side with their share of the height."""

    lines: tuple[Line, ...]
    unit: str
    span: str
    ticks: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Shown:
    """What is drawn, [frames, axes], and where the box of it begins and ends."""

    values: NDArray[np.float64]
    low: float
    high: float


def plot(values: NDArray[np.float64], axes: tuple[str, ...], unit: str) -> Plot:
    """Values [frames, axes] on one scale; each axis less its mean where they would hide each other's movement."""
    return plotted(values, axes, unit)[0]


def plotted(values: NDArray[np.float64], axes: tuple[str, ...], unit: str) -> tuple[Plot, Shown]:
    """The same, with what is drawn, so that parts of it can be drawn alike."""
    means = values.mean(axis=0)
    shown = values - means if are_apart(values) else values
    low, high = with_room(float(shown.min()), float(shown.max()))
    drawn = Plot(
        lines=tuple(
            Line(name, path, f"{spelled(mean)} {unit}".rstrip() if shown is not values else "")
            for name, path, mean in zip(axes, paths(shown, low, high, WIDTH), means.tolist(), strict=True)
        ),
        unit=unit,
        span=f"{spelled(float(values.min()))} to {spelled(float(values.max()))} {unit}".rstrip(),
        ticks=tuple(ticks(low, high)),
    )
    return drawn, Shown(shown, low, high)


def paths(
    values: NDArray[np.float64], low: float, high: float, columns: int, width: float = WIDTH, height: float = HEIGHT
) -> list[str]:
    """A path for each axis of values [frames, axes] in a box of that size, whose height goes from `low` to `high`.

    Of more than two frames to each of so many columns the lowest and the highest are drawn.
    """
    frames = len(values)
    chosen = np.arange(frames) if frames <= 2 * columns else None
    found = []
    for axis in values.T:
        at = _extremes(axis, columns) if chosen is None else chosen
        across = (at + 0.5) / frames * width
        down = (high - axis[at]) / (high - low) * height
        found.append("M" + "L".join(f"{x:.4g} {y:.1f}" for x, y in zip(across.tolist(), down.tolist(), strict=True)))
    return found


def _extremes(axis: NDArray[np.float64], columns: int) -> NDArray[np.int64]:
    """The frames of the lowest and the highest value of each column, in their order."""
    edges = np.linspace(0, len(axis), columns + 1).astype(np.int64)
    pairs = [
        sorted((int(np.argmin(axis[start:end])) + start, int(np.argmax(axis[start:end])) + start))
        for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    ]
    return np.array(pairs, np.int64).ravel()


def are_apart(values: NDArray[np.float64]) -> bool:
    """Whether the axes of values [frames, axes] would hide each other's movement on one scale."""
    moved = float(np.ptp(values, axis=0).max())
    return len(values.T) > 1 and float(np.ptp(values)) > _APART * moved > 0


def with_room(low: float, high: float) -> tuple[float, float]:
    """The ends of a scale for values between these."""
    moves = high - low > _LEAST
    room = _ROOM * (high - low) if moves else max(abs(low), 1.0) / 10  # else a line in the middle
    return low - room, high + room


def ticks(low: float, high: float) -> Iterator[tuple[str, float]]:
    """Round values in words, at most _MOST_TICKS of them, each with its share of the way from `low` to `high`."""
    rough = (high - low) / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough)
    for number in range(math.ceil(low / step), math.floor(high / step) + 1):
        yield spelled(number * step), (number * step - low) / (high - low)


def spelled(value: float) -> str:
    """With three digits that count, or all of a large number."""
    return f"{value:{',.0f' if abs(value) >= 1_000 else '.3g'}}".replace("-", MINUS)
