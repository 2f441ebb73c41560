"""How far a signal is from everything that was normal, and a threshold on the mean of the last few inferences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lab.decisions import _strides
from lab.decisions._decision import MOST_AVERAGED, Decision

if TYPE_CHECKING:
    from lab.workload import Workload

NORMAL, ANOMALY = "normal", "anomaly"
"""The labels where the question is whether something is as it always is."""


class Settings(Decision):
    """An inference every `stride_ms`; one whose score is above `threshold` is an anomaly.

    The model gives `directions` int8 values for each of several states that are normal, by which the signal departs
    from that state. The state is the one of the smallest sum of squares, `offsets` added, and its sum of squares the
    score. A running device reports the mean of `average` inferences.
    """

    kind: Literal["anomaly"] = "anomaly"
    stride_ms: int = Field(gt=0, le=600_000)
    threshold: int = Field(ge=0, lt=2**31)
    directions: int = Field(gt=0, le=16_384)
    offsets: tuple[int, ...] = Field(default=(0,), min_length=1, max_length=256)
    average: int = Field(default=1, ge=1, le=MOST_AVERAGED)
    refractory_ms: int = Field(default=0, ge=0, le=600_000)

    def constants(self, workload: Workload) -> Mapping[str, str]:  # noqa: ARG002
        """States and directions."""
        offsets = ", ".join(map(str, self.offsets))
        return {
            "kDirections": f"size_t kDirections = {self.directions}",
            "kStates": f"size_t kStates = {len(self.offsets)}",
            "kOffsets": f"int32_t kOffsets[] = {{{offsets}}}",
        }

    def stride_steps(self, workload: Workload) -> int:
        """Raises ConfigurationError for a stride that the features cannot keep."""
        return _strides.steps(workload, self.stride_ms)

    def average_inferences(self, workload: Workload) -> int:  # noqa: ARG002
        """As it is."""
        return self.average

    @property
    def threshold_in_firmware(self) -> int:
        """As it is."""
        return self.threshold

    @property
    def refractory_in_ms(self) -> int:
        """As it is."""
        return self.refractory_ms

    @property
    def normal_up_to(self) -> int:
        """The threshold."""
        return self.threshold

    def outputs(self, workload: Workload) -> int:  # noqa: ARG002
        """Directions of all states."""
        return self.directions * len(self.offsets)

    def scores(self, inputs: NDArray[np.int8], outputs: NDArray[np.int8]) -> tuple[int, ...]:  # noqa: ARG002
        """The one score."""
        departures = outputs.astype(np.int64).reshape(len(self.offsets), self.directions)
        sums = np.sum(departures * departures, axis=1)
        return (int(sums[np.argmin(sums + np.array(self.offsets))]),)

    def label(self, scores: Sequence[int], labels: Sequence[str]) -> str:  # noqa: ARG002
        """`anomaly` above the threshold, `normal` up to it."""
        return ANOMALY if scores[0] > self.normal_up_to else NORMAL

    def score_names(self, labels: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG002
        """There is one for both labels."""
        return ("anomaly score",)
