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

    In a stream of states each lasts for a multiple of `stride` frames, from one inference to the next, and `usual` is
    the one between any two others, if there is such a one.
    """

    played: Input
    background: Collection[str]
    evaluation: Evaluation
    event: str = "event"
    stride: int = 1
    usual: str | None = None

    @classmethod
    def of(cls, workload: Workload, evaluation: Evaluation) -> Settings:
        """Those of a workload."""
        stride = workload.decision.stride_steps(workload) * workload.features.step_frames(workload.input)
        usual = workload.task.usual
        return cls(workload.input, workload.background, evaluation, workload.event, stride, usual)

    def frames(self, seconds: float) -> int:
        """How many frames of the signal that is, rounded."""
        return round(seconds * self.played.rate_hz)

    def parts(self, longest_s: float = PART_S) -> Iterator[tuple[int, int, int]]:
        """Number, first frame and frames of each part."""
        total, size = self.frames(self.evaluation.minutes * 60), self.frames(longest_s)
        for first in range(0, total, size):
            yield first // size + 1, first, min(size, total - first)
