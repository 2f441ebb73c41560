"""What every inference of a stream told, in a few bytes each, because a stream has as many as people wish."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

if TYPE_CHECKING:
    from lab.outcomes.replay import ReplayedInference
    from lab.workload import Workload


@dataclass(frozen=True)
class Scoring:
    """How scores are read: what each is of, and those of the `background`, which are no events.

    The mean of `averaged` has to reach `threshold`, 0 where nothing has to; both are probabilities if `is_share`.
    Inferences come again and again if `by_time`, else when something happens.
    """

    names: tuple[str, ...]
    background: tuple[str, ...]
    threshold: int
    averaged: int
    is_share: bool
    by_time: bool

    @classmethod
    def of(cls, workload: Workload) -> Self:
        """That of a workload."""
        decision = workload.decision
        return cls(
            names=decision.score_names(workload.labels),
            background=tuple(workload.background),
            threshold=decision.threshold_in_firmware,
            averaged=decision.average_inferences(workload),
            is_share=decision.threshold_is_share,
            by_time=workload.features.come_by_time,
        )


@dataclass(frozen=True, eq=False)
class Inferences:
    """Of each when it ended, in seconds, [inferences] float64; the share of the time since the one before in which the
    core did not sleep, [inferences] float32, NaN where nobody knows; and its scores, [inferences, scores] float64.
    """

    ends_s: NDArray[np.float64]
    loads: NDArray[np.float32]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ends_s)

    @classmethod
    def of(cls, found: Sequence[ReplayedInference], count: int) -> Self:
        """Those that have so many scores."""
        scored = [one for one in found if len(one.scores) == count]
        return cls(
            np.array([one.end_s for one in scored], np.float64),
            np.array([np.nan if one.cpu_load is None else one.cpu_load for one in scored], np.float32),
            np.array([one.scores for one in scored], np.float64).reshape(len(scored), count),
        )

    @classmethod
    def joined(cls, parts: Iterable[Inferences | None]) -> Self | None:
        """One after the other; None without any."""
        told = [one for one in parts if one]
        if not told:
            return None
        return cls(
            np.concatenate([one.ends_s for one in told]),
            np.concatenate([one.loads for one in told]),
            np.concatenate([one.scores for one in told]),
        )
