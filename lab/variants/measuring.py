"""Variants of a workload's model on one board, each given the features of the same recordings."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.benching import image, stopping
from lab.benching.accuracy import chosen
from lab.benching.agreement import TOLERANCE
from lab.benching.board import Inferred
from lab.benching.comparing import Comparison, Host
from lab.benching.image import Choices, Image
from lab.benching.stimulus import Arrays
from lab.engines.builtin import BuiltinEngine
from lab.errors import FirmwareError, LabError, ModelError, ModelRefused, UsageError
from lab.interpreter.interpreter import Interpreter
from lab.measuring import memory
from lab.model import Model, quantising, reading
from lab.output import one_line
from lab.store import OnStage
from lab.target import Target
from lab.variants.outcome import Accuracy, Cost, Right, Variant
from lab.workload import Workload


@dataclass(frozen=True)
class LabelledFeatures:
    """Recordings as features, int8 [recordings, rows, values], and the index of the label of each."""

    features: NDArray[np.int8]
    truth: NDArray[np.int64]


def measured(
    file: Path, workload: Workload, target: Target, played: LabelledFeatures, choices: Choices, on_stage: OnStage
) -> Variant:
    """One variant on the host and on the board; one that TFLM refuses or the board has no room for says why.

    One of types that no TFLM computes with is not put on the board: TFLM of 2020 would take its weights for others.

    Raises ModelError for a file that is no model of this workload, and InfrastructureError.
    """
    data = reading.content(file)
    model = Model.of(file, data, of_any_types=True)
    steps = _steps(model, workload, played)

    def tell(stage: str) -> None:
        on_stage(f"{file.stem}: {stage}")

    tell("running on the host")
    host = Host.of(model, steps)
    device, cost, refused = None, None, ""
    try:
        Model.of(file, data)
        made = image.made(model, target, choices, BuiltinEngine(), tell)
        tell(f"running on {target.name}")
        made = made.watched(model, steps[0])
        inferred = stopping.inferred(model, made, steps, tell)
        device = _accuracy([one.outputs for one in inferred], workload, played)
        cost = _cost(made, inferred, Comparison.of(host, inferred, TOLERANCE))
    except (UsageError, FirmwareError) as error:
        refused = _why(error, model)
    outputs = host.outputs()
    return Variant(
        name=one_line(file.stem),
        bytes=len(data),
        compressed_bytes=len(zlib.compress(data, 9)),
        host=None if outputs is None else _accuracy(outputs, workload, played),
        device=device,
        cost=cost,
        refused=one_line(refused),
    )


def _steps(model: Model, workload: Workload, played: LabelledFeatures) -> list[Arrays]:
    """What the model is given for each recording. Raises ModelError for one that is not of this workload."""
    rows, values = workload.features.shape(workload.input)
    given, outputs = model.input, workload.decision.outputs(workload)
    if len(model.inputs) != 1 or len(model.outputs) != 1 or model.output.elements != outputs:
        raise _misfit(model, workload, f"gives {model.output}, and {workload.name} reads {outputs} values")
    if given.elements != rows * values or (given.dtype != "FLOAT32" and len(given.scale) != 1):
        raise _misfit(model, workload, f"takes {given}, and the features of {workload.name} are [{rows}, {values}]")
    kind = np.dtype(given.dtype.lower())
    real = (played.features.astype(np.float64) - workload.features.zero_point) * workload.features.scale
    how = (given.scale[0], given.zero_point[0]) if given.scale else (0.0, 0)
    stored = quantising.stored(real, kind, *how)
    return [(one.reshape(given.shape),) for one in stored]


def _misfit(model: Model, workload: Workload, why: str) -> ModelError:
    return ModelError(
        f"{model.path} is no variant of this model: it {why}.",
        remedy=f"Take it out of the folder; `lab train {workload.name} --variants all` makes some that fit.",
        code="model-misfit",
    )


def _accuracy(outputs: Sequence[Arrays], workload: Workload, played: LabelledFeatures) -> Accuracy:
    right = np.array([chosen(one) for one in outputs]) == played.truth
    counts = ((label, played.truth == index) for index, label in enumerate(workload.labels))
    return Accuracy(
        by_label=tuple(
            Right(label=label, recordings=int(of.sum()), right=int(right[of].sum())) for label, of in counts if of.any()
        )
    )


def _cost(made: Image, inferred: Sequence[Inferred], compared: Comparison) -> Cost:
    most = max(inferred, key=lambda one: one.cost.instructions).cost
    size = memory.of(made.build.firmware, made.target, made.need.smallest)
    return Cost(
        equals_host=compared.holds if compared.agreements else None,
        arena=made.need.smallest,
        flash=size.flash_bytes,
        ram=size.ram_bytes,
        instructions=most.instructions,
        cycles=most.cycles,
        latency_ms=None if most.cycles is None else most.cycles / made.target.core.clock_hz * 1000,
    )


def _why(error: LabError, model: Model) -> str:
    """In a line, with the words of TFLM: of the device's, if it came so far, else of the host's if that refuses too."""
    by_device = error.details.partition("last device lines:\n")[2] if error.code == "start-failed" else ""
    said = by_device or _refusal(model)
    return " ".join([error.message, *(["TFLM says:", *said.split()] if said else [])])


def _refusal(model: Model) -> str:
    """What TFLM's interpreter prints as it refuses the model, nothing where it takes it."""
    try:
        Interpreter(model)
    except ModelRefused as refused:
        return refused.details
    return ""
