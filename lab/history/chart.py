"""Metrics over commits as a picture: a column a workload, a panel a metric, a colour a board. Loads Matplotlib."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from math import ceil
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lab import chart_file, disk
from lab.errors import UsageError
from lab.history import panel, timeline
from lab.history.entries import Entry
from lab.history.panel import Board
from lab.history.timeline import Timeline
from lab.verdict.policy import Policy

# Okabe and Ito's colours, which colour-blind people can tell apart.
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": panel.GREY,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#E4E4E4",
    "svg.fonttype": "none",
}
_PANEL_HEIGHT = 1.8
_NARROWEST, _WIDEST = 5.0, 14.0
_A_COMMIT, _A_LEGEND = 0.22, 1.8
"""Inches of width."""
_MOST_LABELS = 48


def save(file: Path, entries: Sequence[Entry], metrics: Sequence[str], policy: Policy) -> None:
    """Draw the runs. Raises UsageError if none of them has a value to draw, and StorageError."""
    finished = [entry for entry in entries if any(name in entry.metrics for name in metrics)]
    if not finished:
        raise UsageError("There is nothing to plot: none of these runs has values.", remedy="Ask for other runs.")
    with rc_context(_STYLE), disk.writing(file, elsewhere="name another file with --plot"):
        figure = draw(finished, metrics, policy)
        file.parent.mkdir(parents=True, exist_ok=True)
        with disk.replacing(file, elsewhere="name another file with --plot") as stream:
            figure.savefig(stream, format=chart_file.kind(file), dpi=150)


def draw(entries: Sequence[Entry], metrics: Sequence[str], policy: Policy) -> Figure:
    """The figure of runs that finished."""
    workloads = sorted({entry.workload for entry in entries})
    axes = [timeline.of([entry for entry in entries if entry.workload == name]) for name in workloads]
    widths = [min(max(_NARROWEST, 1.5 + _A_COMMIT * len(axis.labels)), _WIDEST) for axis in axes]
    figure = Figure(figsize=(sum(widths), _PANEL_HEIGHT * len(metrics) + 1.6), layout="constrained")
    panels = figure.subplots(len(metrics), len(axes), squeeze=False, sharex="col", width_ratios=widths)
    colours = dict(zip(sorted({entry.series[1:] for entry in entries}), cycle(_COLOURS), strict=False))
    for axis, column, workload in zip(axes, panels.T, workloads, strict=True):
        for place, metric in zip(column, metrics, strict=True):
            panel.draw(place, axis, metric, policy.metrics.get(metric), colours)
        column[0].set_title(f"{workload}\n", fontsize=12, fontweight="bold")
        _name_commits(column[-1], axis)
    in_a_row = int(sum(widths) / _A_LEGEND)
    figure.legend(handles=list(_legend(colours)), loc="outside lower center", ncols=in_a_row, frameon=False)
    return figure


def _name_commits(lowest: Axes, axis: Timeline) -> None:
    places = range(0, len(axis.labels), ceil(len(axis.labels) / _MOST_LABELS))
    lowest.set_xticks(places, [axis.labels[place] for place in places], rotation=90, fontsize=7, family="monospace")
    lowest.set_xlim(-0.6, len(axis.labels) - 0.4)
    first, last = (f"{axis.entries[end].time:%Y-%m-%d}" for end in (0, -1))
    lowest.set_xlabel(f"commits in order of time, run {first if first == last else f'{first} to {last}'}")


def _legend(colours: Mapping[Board, str]) -> Iterator[Line2D]:
    variants = {variant for _, variant in colours}
    for (target, variant), colour in colours.items():
        label = f"{target} {variant}" if len(variants) > 1 else target
        yield Line2D([], [], color=colour, label=label, **panel.VALUE)
    yield Line2D([], [], label="limit", **panel.LIMIT)
    yield Line2D([], [], label="limit broken", **panel.BROKEN)
    yield Line2D([], [], label="not comparable", **panel.BREAK)
