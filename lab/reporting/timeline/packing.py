"""Arrays and texts as one compressed text in a page, and where in it each of them is."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lab.output import one_line

_ALIGNED = 8
"""Bytes: a typed array of JavaScript begins at a multiple of the size of its values."""

Place = dict[str, str | int]
"""`at` is the first byte, `of` the number of values, `as` their type: f8, u4, u2, u1, or `lines` of a text in UTF-8."""


class Packed:
    """What is put away so far."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def array(self, values: NDArray[np.generic]) -> Place:
        """Put values away, in the order of memory. They are float64, or unsigned of at most 32 bits."""
        kind = values.dtype.newbyteorder("<")
        return self._place(kind.str[1:], np.ascontiguousarray(values, kind).tobytes(), values.size)

    def lines(self, texts: Iterable[str]) -> Place:
        """Put texts away, each as one line that has nothing hidden in it."""
        found = [one_line(text) for text in texts]
        return self._place("lines", "\n".join(found).encode(), len(found))

    def text(self) -> str:
        """All of it, by zlib and in base64."""
        return b64encode(zlib.compress(self._bytes, 9)).decode()

    def _place(self, kind: str, content: bytes, values: int) -> Place:
        self._bytes += bytes(-len(self._bytes) % _ALIGNED)
        place: Place = {"as": kind, "at": len(self._bytes), "of": values}
        if kind == "lines":
            place["bytes"] = len(content)
        self._bytes += content
        return place
