"""How often the largest value of a model's first output is that of the right class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from lab.benching.stimulus import Arrays


class Accuracy(BaseModel):
    """Of `labelled` inferences so many were right on the device and on the host; None where no host ran the model.

    `minimum` is the share of them that has to be right on the device, None if nothing was asked for.
    """

    model_config = ConfigDict(frozen=True)

    labelled: int
    device_right: int
    host_right: int | None
    minimum: float | None = None

    @property
    def device(self) -> float:
        """As a share."""
        return self.device_right / self.labelled

    @property
    def holds(self) -> bool:
        """As many are right on the device as were asked for."""
        return self.minimum is None or self.device >= self.minimum


def chosen(outputs: Arrays) -> int:
    """The class of the first output's largest value; of equal ones, and of NaN, the first."""
    return int(np.argmax(outputs[0]))


def accuracy(
    labels: Sequence[int], device: Sequence[int], host: Sequence[int] | None, minimum: float | None
) -> Accuracy:
    """Of the classes that were chosen, one for each label."""
    return Accuracy(
        labelled=len(labels),
        device_right=_right(labels, device),
        host_right=None if host is None else _right(labels, host),
        minimum=minimum,
    )


def _right(labels: Sequence[int], chosen: Sequence[int]) -> int:
    return sum(label == one for label, one in zip(labels, chosen, strict=True))
