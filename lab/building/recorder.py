"""The flight recorder that an image is built with on request: how large it is, and what it says of the signal."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from lab.errors import UsageError
from lab.target import Target
from lab.workload import Workload

_LABEL_SCALE = 255
"""Of int8 scores that are probabilities: 0 is -128."""


@dataclass(frozen=True)
class Recorder:
    """One that sends a dump when it is asked to, and on a fault.

    With `dump_below` it does so too after an inference whose highest score is below that, 0 to 1.
    """

    dump_below: float | None = None

    def bytes(self, target: Target) -> int:
        """The ring's, on that board. Raises UsageError where the board says nothing of one."""
        if target.recorder is None:
            raise UsageError(
                f"The target {target.name} has no flight recorder.",
                remedy=f"Give it room for one: [recorder] with bytes in {target.file}.",
            )
        return target.recorder.bytes

    def lowest(self, workload: Workload) -> int:
        """What the highest score has to reach, 0 to 255. Raises UsageError for scores that are no probabilities."""
        if self.dump_below is None:
            return 0
        if tuple(workload.decision.score_names(workload.labels)) != tuple(workload.labels):
            raise UsageError(
                f"The scores of {workload.name} are no probabilities, so that none is of low confidence.",
                remedy="Leave out --dump-below.",
            )
        return ceil(self.dump_below * _LABEL_SCALE)
