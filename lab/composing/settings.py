"""What a stream is composed for: a workload's sensor and labels, and the settings of its evaluation."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lab.signals.input import Input
from lab.workload import Evaluation, Workload

PART_S = 30.0
"""A board is played so much in one go: as many pieces as keep the processes busy, and few starts."""

LEAD_S = 2.0
"""Nothing happens before, in each part: a device has to have filled its window once."""


@dataclass(frozen=True)
class Settings:
    """`played` goes into the sensor; labels of `background` are no events; `event` is what people call one.

    Recordings of motion begin at a multiple of `grid` frames: with a window, where every inference is judged.
    """

    played: Input
    background: Collection[str]
    evaluation: Evaluation
    event: str = "event"
    grid: int = 1

    @classmethod
    def of(cls, workload: Workload, evaluation: Evaluation) -> Settings:
        """Those of a workload."""
        stride = workload.decision.stride_steps(workload) * workload.features.step_frames(workload.input)
        grid = stride if "windows" in workload.task.tells["stream"] else 1
        return cls(workload.input, workload.background, evaluation, workload.event, grid)

    def frames(self, seconds: float) -> int:
        """How many frames of the signal that is, rounded."""
        return round(seconds * self.played.rate_hz)

    def on_grid(self, frame: int) -> int:
        """The first frame from that one on at which a recording may begin."""
        return -(-frame // self.grid) * self.grid

    def parts(self) -> Iterator[tuple[int, int, int]]:
        """Number, first frame and frames of each part."""
        total, size = self.frames(self.evaluation.minutes * 60), self.frames(PART_S)
        for first in range(0, total, size):
            yield first // size + 1, first, min(size, total - first)
