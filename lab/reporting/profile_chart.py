"""A profile as a picture: a row a board; operators to the left, kernels beside each other, frontend to the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab import chart_file, disk
from lab.profiling.profile import BoardProfile, Profile
from lab.reporting import profile_rows

# Okabe and Ito's colours, which colour-blind people can tell apart; the last profile of a board is always blue.
_COLOURS = ("#999999", "#E69F00", "#009E73")
_LAST = "#0072B2"
_WIDTH = 13.0  # inches, as the heights
_BAR, _MARGIN = 0.1, 0.9
_ROOM = 1.2  # the axis beyond the longest bar, for the words at its end
_MILLION = 1e6


def save(profile: Profile, file: Path) -> None:
    """Draw it into a file of one of Matplotlib's formats. Raises StorageError."""
    chart_file.save(draw(profile), file, elsewhere=disk.FOR_A_RUN, dpi=110)


def draw(profile: Profile) -> Figure:
    """The figure of all boards."""
    boards = profile_rows.boards(profile)
    heights = [_MARGIN + _BAR * (len(variants) + 0.6) * len(variants[-1].operators) for variants in boards]
    figure = Figure(figsize=(_WIDTH, sum(heights)), layout="constrained")
    grid = figure.subplots(len(boards), 2, squeeze=False, height_ratios=heights, width_ratios=(1.6, 1))
    for variants, (left, right) in zip(boards, grid, strict=True):
        _operators(left, variants)
        _stages(right, variants[-1])
    return figure


def _operators(axes: Axes, variants: Sequence[BoardProfile]) -> None:
    names = [f"{one.index} {one.name}" for one in variants[-1].operators]
    thickness = 0.8 / len(variants)
    colours = [*_COLOURS[: len(variants) - 1], _LAST]
    for place, (board, colour) in enumerate(zip(variants, colours, strict=True)):
        lengths = [one.instructions / _MILLION for one in board.operators]
        rows = [row - 0.4 + (place + 0.5) * thickness for row in range(len(lengths))]
        label = f"{board.kernels}: {board.inference.instructions / _MILLION:,.1f} million"
        axes.barh(rows, lengths, thickness, color=colour, label=label)
    longest = max(one.instructions for board in variants for one in board.operators) / _MILLION
    for row, one in enumerate(profile_rows.rows([board.inference for board in variants])[: len(names)]):
        end = max(part.instructions for part in one.parts if part) / _MILLION
        times = f"{one.ratio:.1f}x" if len(variants) > 1 and one.ratio else ""
        axes.text(end + 0.01 * longest, row, times, va="center", fontsize=8)
    axes.set_xlim(0, longest * _ROOM)
    _dress(axes, names, f"{variants[-1].target}: operators, million instructions")
    axes.legend(loc="lower right", frameon=False, fontsize=9)


def _stages(axes: Axes, board: BoardProfile) -> None:
    parts = board.features.parts
    lengths = [part.instructions / _MILLION for part in parts]
    axes.barh(range(len(parts)), lengths, 0.6, color=_LAST)
    for row, part in enumerate(parts):
        axes.text(lengths[row] + 0.01 * max(lengths), row, f"{100 * part.share:.1f} %", va="center", fontsize=8)
    axes.set_xlim(0, max(lengths) * _ROOM)
    whole = board.features.instructions / _MILLION
    _dress(axes, [part.name for part in parts], f"features: {whole:,.1f} million instructions")


def _dress(axes: Axes, names: Sequence[str], title: str) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=8, parse_math=False)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.tick_params(axis="x", labelsize=8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="#eeeeee")
    axes.set_axisbelow(True)
