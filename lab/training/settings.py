"""Settings that recipes of several kinds have."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from lab.configuration import Frozen


def _ascending(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] > bounds[1]:
        raise ValueError("the lower bound comes first")
    return bounds


Range = Annotated[tuple[float, float], AfterValidator(_ascending)]
"""Bounds between which a value is drawn evenly."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Schedule(Frozen):
    """Learning: AdamW, a learning rate that rises for `warm_up` of the time and falls as a cosine.

    `smoothing` is taken from the true label and given to all; `mixup` is the share of clips that another one is mixed
    into; `averaging` is the decay per step of the moving average of weights, which is what is kept in the end.
    """

    epochs: int = Field(gt=0)
    batch: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    weight_decay: float = Field(ge=0)
    warm_up: Share
    smoothing: Share
    mixup: Share
    averaging: Share


class Distillation(Frozen):
    """What a student takes from its teacher: `weight` of its loss, at a softmax temperature."""

    weight: Share
    temperature: float = Field(gt=0)


class Tuning(Frozen):
    """How a trained network learns on: Adam, a learning rate that falls as a cosine.

    Of a pruned one the smallest weights of each layer, a share of `sparsity`, become 0.
    """

    epochs: int = Field(default=10, gt=0)
    learning_rate: float = Field(default=3e-4, gt=0)
    sparsity: Share = 0.5
