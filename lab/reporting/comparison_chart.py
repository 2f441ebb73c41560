"""Two runs side by side as a picture: the relative change of each metric, and the symbols that changed most."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab import chart_file
from lab.reporting import comparison_words as words
from lab.verdict.result import Change, SizeChange, Standing
from lab.verdict.side_by_side import Pairing, SideBySide

# Blue and vermilion: told apart by everyone, and in grey.
_WORSE, _BETTER, _SAME, _NEITHER = "#d55e00", "#0072b2", "#999999", "#dddddd"
_COLOURS: dict[Standing, str] = {"worse": _WORSE, "better": _BETTER, "same": _SAME, "not comparable": _NEITHER}
_SYMBOLS = 12
_WIDTH = 13.0  # inches, as the heights
_ROW, _MARGIN = 0.32, 1.3
_ROOM = 1.75  # the axis beyond the longest bar, for the words at its end
_NARROWEST = 0.01  # a change of 1 % still looks small


def draw(found: SideBySide, file: Path) -> None:
    """Draw every pair into the file; its ending says in which format. Raises UsageError and StorageError."""
    chart_file.check(file)
    chart_file.save(figure(found), file, elsewhere="name another file")


def figure(found: SideBySide) -> Figure:
    """Every pair, one below the other: its metrics to the left, its symbols to the right."""
    rows = [max(len(pair.comparison.changes), min(len(_symbols(pair)), _SYMBOLS)) for pair in found.pairs]
    heights = [count * _ROW + _MARGIN for count in rows]
    drawn = Figure(figsize=(_WIDTH, sum(heights)), layout="constrained")
    drawn.suptitle(f"{found.before} → {found.now}", fontsize=11)
    axes = drawn.subplots(len(rows), 2, squeeze=False, height_ratios=heights)
    for pair, (left, right) in zip(found.pairs, axes, strict=True):
        _metrics(left, pair.name, pair.comparison.changes)
        _growth(right, _symbols(pair))
    return drawn


def _symbols(pair: Pairing) -> list[SizeChange]:
    return [size for size in pair.comparison.sizes if size.kind == "symbol"]


def _metrics(axes: Axes, title: str, changes: Sequence[Change]) -> None:
    shares = [words.relative(change) or 0.0 for change in changes]
    shown = [
        0.0 if change.standing == "not comparable" else share for change, share in zip(changes, shares, strict=True)
    ]
    widest = max(_NARROWEST, *(abs(share) for share in shown)) * _ROOM
    _bars(axes, [change.metric for change in changes], shown, [_COLOURS[change.standing] for change in changes])
    for row, (change, share) in enumerate(zip(changes, shown, strict=True)):
        _say(axes, row, share, widest, _in_words(change))
    axes.set_xlim(-widest, widest)
    axes.xaxis.set_major_formatter(lambda share, _: f"{share * 100:+.3g} %" if share else "0")
    axes.set_title(f"{title}: metrics", loc="left", fontsize=10, fontweight="bold")


def _in_words(change: Change) -> str:
    text = words.change(change)
    return text if change.standing == "same" else f"{text}  {change.standing}".strip()


def _growth(axes: Axes, symbols: Sequence[SizeChange]) -> None:
    shown = symbols[:_SYMBOLS]
    more = f", {_SYMBOLS} of {len(symbols):,}" if len(symbols) > _SYMBOLS else ""
    axes.set_title(f"bytes of symbols{more}", loc="left", fontsize=10, fontweight="bold")
    if not shown:
        axes.text(0.5, 0.5, "no symbol changed its size", ha="center", va="center", transform=axes.transAxes)
        axes.set_axis_off()
        return
    sizes = [float(size.growth) for size in shown]
    widest = max(map(abs, sizes)) * _ROOM
    _bars(
        axes, [words.clipped(size.name) for size in shown], sizes, [_WORSE if size > 0 else _BETTER for size in sizes]
    )
    for row, size in enumerate(shown):
        _say(axes, row, size.growth, widest, f"{words.growth(size)}  {words.fate(size)}".strip())
    axes.set_xlim(-widest, widest)
    axes.xaxis.set_major_formatter(lambda size, _: f"{size:+,.0f}" if size else "0")


def _bars(axes: Axes, names: Sequence[str], lengths: Sequence[float], colours: Sequence[str]) -> None:
    """From top to bottom."""
    axes.barh(range(len(names)), lengths, color=colours)
    axes.set_yticks(range(len(names)), names, fontsize=8, parse_math=False)
    axes.invert_yaxis()
    axes.axvline(0, color="black", linewidth=0.8)
    axes.tick_params(axis="x", labelsize=8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="#eeeeee")
    axes.set_axisbelow(True)


def _say(axes: Axes, row: int, length: float, widest: float, text: str) -> None:
    """Words at the end of a bar, on the side that it points to."""
    gap = 0.015 * widest
    side = -1 if length < 0 else 1
    axes.text(
        length + side * gap, row, text, va="center", ha="right" if side < 0 else "left", fontsize=8, parse_math=False
    )
