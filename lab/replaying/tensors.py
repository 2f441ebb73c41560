"""The outputs of a model's operators in one inference of a replay, on the device and on the host."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lab.benching.agreement import Distance, distance, place
from lab.errors import InfrastructureError, ModelError, UsageError
from lab.image import Image
from lab.measuring import operator_outputs
from lab.measuring.host import Host
from lab.measuring.request import Request
from lab.model import Model, Tensor
from lab.outcomes.replay import ReplayedInference
from lab.replaying.evidence import Evidence

_Array = NDArray[np.generic]


@dataclass(frozen=True)
class OperatorTensor:
    """The first output of one operator; `host` is None where the host does not run the model."""

    index: int
    operator: str
    tensor: Tensor
    device: _Array
    host: _Array | None

    @cached_property
    def apart(self) -> Distance | None:
        """How far the device's is from the host's."""
        return None if self.host is None else distance(self.device, self.host)

    @property
    def differs(self) -> bool:
        """Whether a bit of it does."""
        return self.apart is not None and self.apart.differing > 0

    def __str__(self) -> str:
        first = self.apart.first if self.apart else None
        where = "" if first is None or self.host is None else f", {place(first, self.device, self.host)}"
        return f"operator {self.index} {self.operator}{where}"


@dataclass(frozen=True)
class Tensors:
    """Of one inference: the model's int8 input, [rows, values], and what each operator made of it."""

    inference: ReplayedInference
    model: Model
    features: NDArray[np.int8]
    operators: tuple[OperatorTensor, ...]
    notes: tuple[str, ...]

    @property
    def first(self) -> OperatorTensor | None:
        """The first operator whose output differs."""
        return next((one for one in self.operators if one.differs), None)


def check(firmware: Image) -> None:
    """Raises UsageError for a firmware whose operators nobody can trace."""
    if lacks := operator_outputs.missing(firmware):
        raise UsageError(
            f"{firmware.path.name} has no {lacks}, so that its operators cannot be traced.",
            remedy="It takes a firmware of docs/device-protocol.md: one that the lab builds, or one of its sources.",
            code="operators-untraced",
        )


def of(request: Request, firmware: Image, evidence: Evidence) -> Tensors | None:
    """Of the last inference that a replay of the firmware told; None if there is none that memory still shows.

    Raises as `lab.measuring.operator_outputs.on_device`. A model that the host does not run is in the notes.
    """
    workload = request.workload
    inference, features = evidence.inference, evidence.features(workload)
    if inference is None or features is None:
        return None
    model = Model.read(request.model or workload.model_path)
    device = operator_outputs.on_device(request.target, workload, firmware, model, features)
    notes = []
    host: list[_Array | None] = [None] * len(model.operators)
    try:
        host = list(Host(workload, model).operator_outputs(features))
    except (ModelError, InfrastructureError) as error:
        notes.append(f"the host does not run the model: {error.message}")
    if inference.scores and device.scores != inference.scores:
        notes.append(
            f"the built-in engine, given the features of that inference, came to the scores {device.scores}, "
            f"and the replay to {inference.scores}: the model goes by what was before, or the emulators disagree"
        )
    rows = zip(model.operators, device.operators, host, strict=True)
    operators = tuple(
        OperatorTensor(index, operator.name, model.tensors[operator.outputs[0]], ours, theirs)
        for index, (operator, ours, theirs) in enumerate(rows)
    )
    return Tensors(inference, model, features, operators, tuple(notes))
