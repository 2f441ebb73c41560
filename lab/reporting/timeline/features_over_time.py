"""The features of a signal as it goes on, by the device's own sources on this computer, as a picture over time."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from lab.building import host_features
from lab.reporting.timeline import steps
from lab.reporting.timeline.lanes import Picture, Ticks
from lab.reporting.timeline.steps import Steps
from lab.workload import Workload

MOST = 2**21
"""Values in a picture: of an hour of the audio frontend's 40 channels every 20 ms there is a column for 80 ms."""


class FeaturesOverTime:
    """Of so many frames from `from_s` on. A context.

    Either the rows of the features follow each other in time, and each of them is a column, or a whole input of the
    model is one, for each inference that there can be.
    """

    def __init__(self, workload: Workload, frames: int, from_s: float) -> None:
        features, heard = workload.features, workload.input
        self._layout = features.layout(heard)
        rows, values = features.shape(heard)
        step = features.step_frames(heard)
        self._by_row = self._layout.rows_across
        stride = 1 if self._by_row else workload.decision.stride_steps(workload)
        self._column_s = stride * step / heard.rate_hz
        first = features.frames(heard) - (rows - 1) * step if self._by_row else features.frames(heard)
        # A row stands in the middle of the frames that it is of, and an input where its last stride is.
        self._begin_s = from_s + (first - stride * step) / heard.rate_hz / (2 if self._by_row else 1)
        lines = values if self._by_row else rows * values
        self._columns = Steps(steps.size(frames // (stride * step), lines, MOST), _mean)
        self._until_played = ExitStack()
        self._new_course = partial(host_features.Course, features, heard, stride)
        self._course: host_features.Course | None = None

    @staticmethod
    def can_be_seen(workload: Workload) -> bool:
        """Not of windows and movements, which are pieces of the signal itself."""
        layout = workload.features.layout(workload.input)
        return layout.up is not None or not layout.rows_across

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_ended: object) -> None:
        self._until_played.close()

    def add(self, frames: NDArray[np.int16]) -> None:
        """The next of the signal. Raises as features do that cannot be compiled."""
        if self._course is None:  # not before the firmware is there, which says what is compiled for it
            self._course = self._until_played.enter_context(self._new_course())
        inputs = self._course.add(frames)
        if not self._by_row:
            self._columns.add(inputs[:, ::-1].reshape(len(inputs), -1))  # of lines with names the first is at the top
        elif len(inputs):
            self._columns.add(inputs[:, -1] if self._columns.any else np.concatenate([inputs[0, :-1], inputs[:, -1]]))

    def picture(self) -> Picture | None:
        """Of all that was added; None where that is less than a column."""
        columns = self._columns.all()
        if columns is None:
            return None
        column_s = self._column_s * self._columns.size
        told = f"A column is {column_s * 1000:g} ms"
        if self._columns.size > 1:
            told += f", the mean of {self._columns.size}"
        return Picture("features", self._begin_s, column_s, columns, self._ticks(), told)

    def _ticks(self) -> Ticks:
        if up := self._layout.up:
            return [(f"{up.first:,.0f} {up.unit}".rstrip(), 0.0), (f"{up.last:,.0f} {up.unit}".rstrip(), 1.0)]
        names = self._layout.names
        return [(name, 1 - (place + 0.5) / len(names)) for place, name in enumerate(names)]


def _mean(columns: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Of each step, from 0 to 255."""
    means: NDArray[np.float64] = columns.mean(axis=1)
    return (means + 128.5).astype(np.uint8)
