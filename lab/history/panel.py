"""One metric of one workload in a plot: values, limits, and where values stop being comparable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import nan
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from lab.history import changes
from lab.history.entries import Entry
from lab.history.timeline import Timeline
from lab.metrics import spelled
from lab.verdict.policy import Rule
from lab.verdict.result import Bounds

Board = tuple[str, str]
"""Target and variant."""

GREY = "#666666"
VALUE: dict[str, Any] = {"marker": "o", "markersize": 4, "linewidth": 1.4}
BROKEN: dict[str, Any] = {
    "marker": "o",
    "markersize": 9,
    "markerfacecolor": "none",
    "markeredgecolor": "#C00000",
    "markeredgewidth": 1.5,
    "linestyle": "none",
}
LIMIT: dict[str, Any] = {"color": GREY, "linewidth": 1, "linestyle": (0, (4, 3))}
BREAK: dict[str, Any] = {"color": GREY, "linewidth": 1, "linestyle": ":"}
_ROOM_BELOW, _ROOM_ABOVE = 0.12, 0.25
"""As shares of the height of what is drawn; above it are the reasons of gaps."""
_NEAR = 0.25
"""How far from the values a limit may be to be shown, as a share of the largest."""
_FLAT = 0.02
"""Height of what is drawn where all values are the same, as a share of them."""


@dataclass(frozen=True)
class _Point:
    position: int
    entry: Entry
    value: float
    limit: Bounds


def draw(panel: Axes, axis: Timeline, metric: str, rule: Rule | None, colours: Mapping[Board, str]) -> None:
    """Draw the metric of the axis' runs, each board in its colour. A line joins only what can be compared."""
    points = list(_points(axis, metric))
    panel.set_title(metric, loc="left")
    if not points:
        panel.set_yticks([])
        panel.annotate("no values", (0.5, 0.5), xycoords="axes fraction", ha="center", va="center", color=GREY)
        return
    panel.set_ylabel(points[0].entry.metrics[metric].unit)
    panel.yaxis.set_major_locator(MaxNLocator(4, integer=all(point.value == int(point.value) for point in points)))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _position: spelled(value, metric)))
    boards = {board: [point for point in points if point.entry.series[1:] == board] for board in colours}
    for board, own in boards.items():
        _draw_values(panel, own, rule, colours[board])
        _draw_limits(panel, own)
    _draw_breaks(panel, boards.values(), rule)
    _scale(panel, points)


def _points(axis: Timeline, metric: str) -> Iterator[_Point]:
    for position, entry in zip(axis.positions, axis.entries, strict=True):
        value = entry.metrics[metric].value if metric in entry.metrics else None
        if value is not None:
            yield _Point(position, entry, value, entry.limits.get(metric, Bounds()))


def _draw_values(panel: Axes, points: Sequence[_Point], rule: Rule | None, colour: str) -> None:
    for _, alike in groupby(points, key=lambda point: changes.key(point.entry, rule)):
        group = list(alike)  # neighbours only: a line does not pass over a run that compares with neither end
        panel.plot([point.position for point in group], [point.value for point in group], color=colour, **VALUE)
    broken = [point for point in points if not point.limit.hold(point.value)]
    panel.plot([point.position for point in broken], [point.value for point in broken], **BROKEN)


def _draw_limits(panel: Axes, points: Sequence[_Point]) -> None:
    """As steps, from half a place before the first run to half a place behind the last."""
    if not points:
        return
    first, *_, last = points[0], *points
    places = [first.position - 0.5, *(point.position for point in points), last.position + 0.5]
    limits = [first.limit, *(point.limit for point in points), last.limit]
    for bounds in ([limit.at_least for limit in limits], [limit.at_most for limit in limits]):
        if any(bound is not None for bound in bounds):
            panel.step(places, [nan if bound is None else bound for bound in bounds], where="mid", **LIMIT)


def _draw_breaks(panel: Axes, boards: Iterable[Sequence[_Point]], rule: Rule | None) -> None:
    """Upright lines between neighbouring runs of a board that cannot be compared, with the reason."""
    reasons: dict[float, set[str]] = {}
    for points in boards:
        for before, after in pairwise(points):
            for need in changes.differing(before.entry, after.entry, rule):
                reasons.setdefault((before.position + after.position) / 2, set()).add(need)
    for place, needs in reasons.items():
        panel.axvline(place, **BREAK)
        panel.annotate(
            f"other {' and '.join(sorted(needs))}",
            (place, 1),
            xycoords=panel.get_xaxis_transform(),
            xytext=(3, -2),
            textcoords="offset points",
            va="top",
            fontsize=7,
            color=GREY,
        )


def _scale(panel: Axes, points: Sequence[_Point]) -> None:
    """Show all values, every limit that one of them broke, and those that are near enough not to flatten them."""
    values = [point.value for point in points]
    reach = _NEAR * max(map(abs, values))
    bounds = [bound for point in points for bound in (point.limit.at_least, point.limit.at_most) if bound is not None]
    near = [bound for bound in bounds if min(values) - reach <= bound <= max(values) + reach]
    near += [bound for point in points for bound in _broken(point)]
    lowest, highest = min([*values, *near]), max([*values, *near])
    height = highest - lowest or _FLAT * abs(highest) or 1
    panel.set_ylim(lowest - _ROOM_BELOW * height, highest + _ROOM_ABOVE * height)


def _broken(point: _Point) -> Iterator[float]:
    limit = point.limit
    if limit.at_least is not None and point.value < limit.at_least:
        yield limit.at_least
    if limit.at_most is not None and point.value > limit.at_most:
        yield limit.at_most
