"""How far a signal is from everything that was normal, and a threshold on the mean of the last few inferences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from lab.decisions._decision import MOST_AVERAGED, Decision

if TYPE_CHECKING:
    from lab.workload import Workload

NORMAL, ANOMALY = "normal", "anomaly"
"""The labels where the question is whether something is as it always is."""


class Settings(Decision):
    """An inference whose score is above `threshold` is an anomaly.

    The model gives `directions` int8 values for each of several states that are normal, by which the signal departs
    from that state. The state is the one of the smallest sum of squares, `offsets` added, and its sum of squares the
    score. A running device reports the mean of `average` inferences.
    """

    kind: Literal["anomaly"] = "anomaly"
    threshold: int = Field(ge=0, lt=2**31)
    directions: int = Field(gt=0, le=16_384)
    offsets: tuple[int, ...] = Field(default=(0,), min_length=1, max_length=256)
    average: int = Field(default=1, ge=1, le=MOST_AVERAGED)
    refractory_ms: int = Field(default=0, ge=0, le=600_000)

    @override
    def constants(self, workload: Workload) -> Mapping[str, str]:
        offsets = ", ".join(map(str, self.offsets))
        return {
            "kDirections": f"size_t kDirections = {self.directions}",
            "kStates": f"size_t kStates = {len(self.offsets)}",
            "kOffsets": f"int32_t kOffsets[] = {{{offsets}}}",
        }

    @override
    def average_inferences(self, workload: Workload) -> int:
        return self.average

    @property
    @override
    def threshold_in_firmware(self) -> int:
        return self.threshold

    @property
    @override
    def refractory_in_ms(self) -> int:
        return self.refractory_ms

    @property
    @override
    def normal_up_to(self) -> int:
        return self.threshold

    @override
    def outputs(self, workload: Workload) -> int:
        return self.directions * len(self.offsets)

    @override
    def scores(self, inputs: NDArray[np.int8], outputs: NDArray[np.int8]) -> tuple[int, ...]:
        departures = outputs.astype(np.int64).reshape(len(self.offsets), self.directions)
        sums = np.sum(departures * departures, axis=1)
        return (int(sums[np.argmin(sums + np.array(self.offsets))]),)

    @override
    def label(self, scores: Sequence[int], labels: Sequence[str]) -> str:
        return ANOMALY if scores[0] > self.normal_up_to else NORMAL

    @override
    def score_names(self, labels: Sequence[str]) -> tuple[str, ...]:
        return ("anomaly score",)
