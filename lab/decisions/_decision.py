"""What every kind of decision says of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lab.configuration import Frozen
from lab.decisions import _strides

if TYPE_CHECKING:
    from lab.workload import Workload

MOST_AVERAGED = 8
"""Inferences, as in firmware/runtime/parameters.h."""


class Decision(Frozen, ABC):
    """How a device turns the model's output into scores, and scores into what it reports.

    A kind has a header of its name in `firmware/runtime/decisions`, whose class template `Decision` does it. An
    inference is made every `stride_ms`.
    """

    kind: str
    stride_ms: int = Field(gt=0, le=600_000)

    @abstractmethod
    def constants(self, workload: Workload) -> Mapping[str, str]:
        """The constants of the class template's settings: declarations in C++, by name."""

    def stride_steps(self, workload: Workload) -> int:
        """Steps of the features from one inference to the next.

        Raises ConfigurationError for a stride that the features cannot keep.
        """
        return _strides.steps(workload, self.stride_ms)

    def average_inferences(self, workload: Workload) -> int:  # noqa: ARG002
        """How many inferences a report is made of."""
        return 1

    @property
    def threshold_in_firmware(self) -> int:
        """What a score has to reach, as the parameter block has it."""
        return 0

    @property
    def threshold_is_share(self) -> bool:
        """Whether the threshold is one of probabilities, which the model's outputs have to be then."""
        return False

    @property
    def refractory_in_ms(self) -> int:
        """After a report, how long there is no other."""
        return 0

    @property
    def normal_up_to(self) -> int | None:
        """The score up to which a single inference says that all is normal; None where it names the highest score."""
        return None

    def outputs(self, workload: Workload) -> int:
        """int8 values that the model gives."""
        return len(workload.labels)

    def scores(self, inputs: NDArray[np.int8], outputs: NDArray[np.int8]) -> tuple[int, ...]:  # noqa: ARG002
        """The scores of one inference, as the firmware makes them of the model's input and output."""
        return tuple(int(score) for score in outputs.ravel())

    def label(self, scores: Sequence[int], labels: Sequence[str]) -> str:
        """What a single inference says."""
        return labels[int(np.argmax(scores))]

    def score_names(self, labels: Sequence[str]) -> tuple[str, ...]:
        """What each score is of."""
        return tuple(labels)
