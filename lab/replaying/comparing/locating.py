"""Where in an inference two plays part: a sample, a value of the features, or an element of an operator's output."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.benching.agreement import distance, place
from lab.errors import LabError
from lab.measuring.difference import frame
from lab.model import Model
from lab.replaying.comparing.first import PlayDifference
from lab.replaying.comparing.sides import AtInference, Side
from lab.store import OnStage
from lab.workload import Workload

_SIDES = ("here", "other")
_LOOKED_INTO = ("samples", "features", "scores", "decision")


def where(
    difference: PlayDifference, here: AtInference, other: AtInference, workload: Workload, on_stage: OnStage
) -> str:
    """The first place in the inference that differs, with both values; or why nobody can tell it.

    "" for a difference that lies in no inference's values. Each side is played again up to the inference.
    """
    if difference.stage not in _LOOKED_INTO:
        return ""
    on_stage(f"looking into inference {difference.number}")
    try:
        sides = here(difference.number), other(difference.number)
        return _signal(*sides, workload) or _features(*sides, workload) or _operator(*sides)
    except LabError as error:
        return f"no place is named: {error.message.rstrip('.')}"


def _signal(here: Side, other: Side, workload: Workload) -> str:
    at = _first(here.samples, other.samples)
    return "" if at is None else _at(frame(at, workload), here.samples, other.samples, at)


def _features(here: Side, other: Side, workload: Workload) -> str:
    at = _first(here.features, other.features)
    return "" if at is None else _at(workload.features.place(at, workload.input), here.features, other.features, at)


def _operator(here: Side, other: Side) -> str:
    if why := here.untold or other.untold:
        return f"no place is named: {why}"
    features = here.features if here.features is not None else other.features
    if features is None or not (here.outputs and other.outputs and here.model and other.model):
        return "no place is named: the features are no longer in the device's memory"
    if apart := _graphs(here.model, other.model):
        return f"no operator is named: the models are not of one graph, {apart}"
    for index, (ours, theirs) in enumerate(zip(here.outputs(features), other.outputs(features), strict=True)):
        first = distance(ours, theirs).first
        if first is not None:
            return f"first at operator {index} {here.model.operators[index].name}, {place(first, ours, theirs, _SIDES)}"
    return "each operator puts out the same: what is done with the model's output differs"


def _graphs(here: Model, other: Model) -> str:
    """In what two graphs differ; "" where each operator puts out tensors of the same shape and type."""
    if len(here.operators) != len(other.operators):
        return f"with {len(here.operators)} operators and {len(other.operators)}"
    for index in range(len(here.operators)):
        ours, theirs = here.described(index), other.described(index)
        if _output(here, index) != _output(other, index):
            return f"operator {index} is {ours} here and {theirs} in the other"
    return ""


def _output(model: Model, index: int) -> tuple[str, str]:
    operator = model.operators[index]
    return operator.name, str(model.tensors[operator.outputs[0]])


def _first(here: NDArray[np.generic] | None, other: NDArray[np.generic] | None) -> int | None:
    if here is None or other is None or here.shape != other.shape:
        return None
    return distance(here, other).first


def _at(name: str, here: NDArray[np.generic] | None, other: NDArray[np.generic] | None, at: int) -> str:
    values = [side.ravel()[at] for side in (here, other) if side is not None]
    return f"first at {name}: {_SIDES[0]} {values[0]}, {_SIDES[1]} {values[1]}"
