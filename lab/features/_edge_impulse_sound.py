"""What the features of sound of Edge Impulse have in common: rows of a spectrum in mel filters.

As implementation version 4 of the blocks "MFE" and "MFCC" of edgeimpulse/processing-blocks has them.
"""

from __future__ import annotations

import math
from abc import ABC
from collections.abc import Mapping
from typing import Literal

from lab.features import _tables
from lab.features._emphasised_rows import EmphasisedRows
from lab.features._features import Constant
from lab.signals.input import Input

_BELOW_UPPER_HZ = 0.001
"""By which the upper end lies lower, so that it is never rounded up to the next band of the spectrum."""


class EdgeImpulseSound(EmphasisedRows, ABC):
    """A row of more frames than a transform's `points` is cut off, one of fewer filled up with zeros."""

    points: Literal[32, 64, 128, 256, 512, 1024, 2048]

    def problem(self, heard: Input) -> str | None:
        """Each filter has to have a band of the spectrum."""
        return super().problem(heard) or self._empty_filter(heard)

    def _sound_constants(self, heard: Input) -> dict[str, Constant]:
        """What firmware/runtime/features/emphasised_rows.h names, besides kPreEmphasis and kFullScale; filters; how a
        value becomes int8."""
        return {
            "kWindow": self.window_frames(heard),
            "kStep": self.step_frames(heard),
            "kRows": self.rows(heard),
            "kPoints": self.points,
            "kPowerDivisor": self.points,
            "kBands": self.bands,
            "kStepsPerUnit": 1 / self.scale,
            "kZeroPoint": self.zero_point,
            **_tables.turns(self.points),
            **_tables.filters(self._weights(heard)),
        }

    def _edges(self, heard: Input) -> list[int]:
        """The bands of the spectrum in which filters begin, are highest and end."""
        hz = [*map(_tables.hz, _tables.mel_edges(self.bands, self.lower_hz, self.upper_hz))]
        hz[-1] -= _BELOW_UPPER_HZ
        return [math.floor((self.points + 1) * one / heard.rate_hz) for one in hz]

    def _weights(self, heard: Input) -> list[list[float]]:
        """Triangles whose sides are straight over the bands of the spectrum."""
        edges, found = self._edges(heard), []
        for left, top, right in zip(edges, edges[1:], edges[2:], strict=False):
            one = [0.0] * (self.points // 2 + 1)
            one[left + 1 : top + 1] = [(band - left) / (top - left) for band in range(left + 1, top + 1)]
            one[top:right] = [(right - band) / (right - top) for band in range(top, right)]
            found.append(one)
        return found

    def _empty_filter(self, heard: Input) -> str | None:
        for filter_, weights in enumerate(self._weights(heard)):
            if not any(weights):
                return (
                    f"filter {filter_} has no band of a spectrum of {self.points} points: take fewer bands than "
                    f"{self.bands}, or more points"
                )
        return None


def mirrored(rows: int, neighbours: int) -> Mapping[str, Constant]:
    """`kMirrored`: which row stands at each place from neighbours / 2 before the first to as many after the last."""
    places = [place % (2 * rows) for place in range(-(neighbours // 2), rows + neighbours // 2)]
    return {"kMirrored": tuple(place if place < rows else 2 * rows - 1 - place for place in places)}
