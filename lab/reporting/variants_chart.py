"""Variants of a model as a picture: accuracy, size, memory and time, a row each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab import chart_file
from lab.reporting import variants_table as words
from lab.variants.outcome import Outcome, Variant

_CHOSEN, _OTHER, _PALE = "#0072b2", "#999999", "#dddddd"
_WIDTH, _ROW, _MARGIN = 15.0, 0.34, 1.3  # inches
_ROOM = 1.5  # the axis beyond the longest bar, for the number at its end

Value = Callable[[Variant], float | None]


def draw(outcome: Outcome, file: Path) -> None:
    """Draw them into the file; its ending says in which format. Raises UsageError and StorageError."""
    chart_file.check(file)
    chart_file.save(figure(outcome), file, elsewhere="name another file")


def figure(outcome: Outcome) -> Figure:
    """The smallest that is good enough is blue; the accuracy of what does not run on the board is the host's, pale."""
    variants = outcome.variants
    drawn = Figure(figsize=(_WIDTH, len(variants) * _ROW + _MARGIN), layout="constrained")
    drawn.suptitle(f"{outcome.workload} on {outcome.target}. {words.in_words(outcome)}", fontsize=11, parse_math=False)
    accuracy, size, arena, time = drawn.subplots(1, 4, sharey=True)
    colours = [_CHOSEN if one.name == outcome.smallest else _OTHER if one.device else _PALE for one in variants]
    _bars(accuracy, "accuracy, %", "{:.1f}", variants, _percent, colours)
    _bars(size, "bytes; black: compressed by gzip", "{:,.0f}", variants, lambda one: one.bytes, colours)
    size.barh(range(len(variants)), [one.compressed_bytes for one in variants], color="black", height=0.2)
    _bars(arena, "bytes of arena", "{:,.0f}", variants, lambda one: one.cost.arena if one.cost else None, colours)
    _bars(
        time,
        "ms an inference, modelled",
        "{:,.1f}",
        variants,
        lambda one: one.cost.latency_ms if one.cost else None,
        colours,
    )
    accuracy.set_yticks(range(len(variants)), [one.name for one in variants], fontsize=9, parse_math=False)
    accuracy.invert_yaxis()
    return drawn


def _percent(one: Variant) -> float | None:
    found = one.device or one.host
    return None if found is None else 100 * found.share


def _bars(
    axes: Axes, title: str, spelled: str, variants: Sequence[Variant], value: Value, colours: Sequence[str]
) -> None:
    values = [value(one) for one in variants]
    axes.barh(range(len(values)), [one or 0.0 for one in values], color=colours)
    for row, one in enumerate(values):
        text = "-" if one is None else spelled.format(one)
        axes.annotate(text, (one or 0.0, row), (5, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_xlim(0, max((one or 0.0 for one in values), default=0.0) * _ROOM or 1.0)
    axes.set_title(title, loc="left", fontsize=10)
    axes.tick_params(axis="x", labelsize=8)
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(axis="x", color="#eeeeee")
