"""What is normal alone is learnt: the states of a machine, each as directions in which it hardly varies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lab.training.recipes._recipe import Recipe
from lab.training.settings import Share
from lab.training.stages import Progress
from lab.workload import Workload

if TYPE_CHECKING:
    from lab.training.trained import Trained


class Settings(Recipe):
    """Every person or speed of a machine that the recordings tell apart is a state (lab/training/states/fitting.py).

    Of a state `directions` are kept. `ridge` is added to the variance of each feature, in steps of it squared, and
    `shrinkage` taken from its correlations with others; half of the covariance is that of the same recordings with each
    axis louder or quieter by `jitter_db`, a standard deviation in decibels. A step of the model's output is
    `output_scale` standard deviations. The threshold is `margin` times the score that the share `quantile` of the
    normal recordings kept for validation stay below.
    """

    kind: Literal["normal-states"] = "normal-states"
    directions: int = Field(gt=0)
    ridge: float = Field(ge=0)
    shrinkage: Share
    jitter_db: float = Field(ge=0, le=20)
    output_scale: float = Field(gt=0)
    quantile: Share
    margin: float = Field(gt=0)

    def train(self, workload: Workload, folders: Sequence[Path], progress: Progress) -> Trained:
        """Without TensorFlow. Raises ConfigurationError for a workload that decides in another way as well."""
        from lab.training.states import session  # noqa: PLC0415  (numpy and more, which only a training needs)

        return session.train(workload, folders, self, progress)
