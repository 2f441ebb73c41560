"""The picture: a panel for each call tree, one below the other, each as wide as the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup

from lab.profiling.frame import Frame
from lab.reporting import compiled_templates
from lab.reporting.flame import layout
from lab.reporting.flame.layout import Box

_HERE = Path(__file__).parent
_WIDTH = 1200
_ROW = 18
_HEAD, _GAP = 46, 34
_LETTER = 6.7
"""Width of a letter, in the units of the picture, as the height of its rows."""


@dataclass(frozen=True)
class _Panel:
    """A tree with its place; `scale` is its length beside that of the longest."""

    tree: Frame
    boxes: Sequence[Box]
    top: int
    height: int
    scale: float


def render(title: str, trees: Sequence[Frame]) -> str:
    """The text of the SVG. Frames are zoomed by a click, explained when pointed at, and found by a search."""
    longest = max(tree.total.instructions for tree in trees)
    panels: list[_Panel] = []
    top = _HEAD
    for tree in trees:
        boxes = layout.boxes(tree)
        height = _GAP + _ROW * (1 + max(box.depth for box in boxes))
        panels.append(_Panel(tree, boxes, top, height, tree.total.instructions / longest))
        top += height + _GAP // 2
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        bytecode_cache=compiled_templates.kept(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("flamegraph.svg.jinja").render(
        title=title,
        panels=panels,
        width=_WIDTH,
        height=top,
        row=_ROW,
        gap=_GAP,
        letter=_LETTER,
        fitting=_fitting,
        script=Markup((_HERE / "flamegraph.js").read_text(encoding="utf-8")),  # noqa: S704 - ours
    )


def _fitting(name: str, width: float) -> str:
    """As much of a name as there is room for, in a frame that is so many units wide."""
    letters = int((width - 6) / _LETTER)
    if letters < 3:
        return ""
    return name if len(name) <= letters else f"{name[: letters - 1]}…"
