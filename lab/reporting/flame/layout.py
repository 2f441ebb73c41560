"""Where each frame of a call tree lies: as wide as its share of the whole, below the frame that called it."""

from __future__ import annotations

import colorsys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lab.profiling.frame import Frame

_HUES = {"features": 0.57, "inference": 0.08, "interrupts": 0.83}
"""Of the groups below the root; everything else is grey."""
_SPREAD = 0.035


@dataclass(frozen=True)
class Box:
    """A frame in the picture: left edge and width as parts of 1, depth in rows from 0."""

    frame: Frame
    left: float
    width: float
    depth: int
    colour: str


def boxes(tree: Frame) -> list[Box]:
    """Every frame that spent something, callers first; frames side by side in order of their cost, operators as run."""
    return list(_placed(tree, tree.total.instructions, 0.0, 0, None))


def _placed(frame: Frame, whole: int, left: float, depth: int, hue: float | None) -> Iterator[Box]:
    yield Box(frame, left, frame.total.instructions / whole, depth, _colour(frame.name, hue))
    for below in _in_order(frame):
        if below.total.instructions:
            own_hue = _HUES.get(below.name) if depth == 0 else hue
            yield from _placed(below, whole, left, depth + 1, own_hue)
            left += below.total.instructions / whole


def _in_order(frame: Frame) -> list[Frame]:
    """Groups and operators keep their order; of functions the costliest comes first."""
    if any(below.kind == "section" for below in frame.below):
        return list(frame.below)
    return sorted(frame.below, key=lambda below: (-below.total.instructions, below.name))


def _colour(name: str, hue: float | None) -> str:
    """A shade of the hue that is always the same for a name."""
    shade = zlib.crc32(name.encode()) % 256 / 255
    if hue is None:
        level = round(200 + 30 * shade)
        return f"#{level:02x}{level:02x}{level:02x}"
    red, green, blue = colorsys.hls_to_rgb(hue + _SPREAD * (shade - 0.5) * 2, 0.68 + 0.12 * shade, 0.85)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
