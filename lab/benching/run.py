"""One model on one board: built, given an input, compared with the host, and its costs taken apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import building
from lab.benching.agreement import TOLERANCE, agreement, distance, place
from lab.benching.application import Bench
from lab.benching.board import BenchBoard, Cost, Step
from lab.benching.outcome import OperatorCost, Outcome, OutputValues
from lab.benching.reference import Reference, Refused
from lab.benching.stimulus import Arrays
from lab.building import Build
from lab.elf import Firmware
from lab.engines import selection
from lab.measuring import arena, memory
from lab.measuring.arena import Trial
from lab.measuring.host import crc
from lab.measuring.parameters import NEVER
from lab.model import Model, Tensor
from lab.store import OnStage, silently
from lab.target import Target

_OutputOf = Callable[[int, NDArray[np.generic]], NDArray[np.generic]]
"""Reads an operator's output on the device, by its index; the array is of the same shape and type."""


@dataclass(frozen=True)
class Choices:
    """What the firmware is built from, as `lab.building.image` takes it."""

    kernels: str
    kernels_root: Path | None = None
    tflm_root: Path | None = None


def bench(
    model: Model,
    target: Target,
    given: Arrays,
    choices: Choices,
    on_stage: OnStage = silently,
    tolerance: float = TOLERANCE,
) -> Outcome:
    """Run the model on the board with these inputs, and on the host; floats may differ by `tolerance` (agreement.py).

    Raises what building raises (an operator that TFLM lacks is named before anything is compiled), ArenaTooSmall where
    the board's RAM has no room, ToolMissing without the host's interpreter, and FirmwareError for what the device does.
    """
    engine = selection.select("builtin")

    def build(arena_bytes: int) -> Build:
        return building.image(
            Bench(model),
            target,
            model,
            arena_bytes,
            tflm_root=choices.tflm_root,
            kernels_name=choices.kernels,
            kernels_root=choices.kernels_root,
            on_stage=on_stage,
        )

    def board(firmware: Firmware, arena_bytes: int | None = None) -> BenchBoard:
        return BenchBoard(engine, target, firmware, given, arena_bytes=arena_bytes)

    def traced(firmware: Firmware, until: int = NEVER) -> BenchBoard:
        return BenchBoard(engine, target, firmware, given, trace_operators=True, stop_after_operator=until)

    def output_of(index: int, like: NDArray[np.generic]) -> NDArray[np.generic]:
        with traced(built.firmware, index) as stopping:
            return stopping.output_of(index, like)

    def boot(firmware: Firmware, arena_bytes: int | None) -> int:
        with board(firmware, arena_bytes) as booted:
            return booted.boot.arena_used

    expected, refused = _reference(model, given)
    need = arena.need(Trial(target, model, build, boot))
    built = build(need.smallest)
    on_stage(f"running {model.path.name} on {target.name}")
    with board(built.firmware) as running:
        result = running.result()
        cost = running.cost()
        outputs = running.outputs(model)
    agreed = None if expected is None else agreement(outputs, expected.outputs(), tolerance)
    with traced(built.firmware) as tracing:
        steps = tracing.steps(len(model.operators))
    differs_at = ""
    if expected is not None and agreed is not None and not agreed.holds:
        differs_at = _first_difference(model, tuple(expected.operator_outputs()), steps, output_of, tolerance)
    size = memory.of(built.firmware, target, need.smallest)
    return Outcome(
        model=model.path.name,
        model_crc=model.crc,
        target=target.name,
        kernels=built.kernels.name,
        agreement=agreed,
        not_compared=refused,
        compared_with=expected.name if expected else "",
        doubt=expected.doubt if expected else "",
        outputs=tuple(_values(model.tensors[at], found) for at, found in zip(model.outputs, outputs, strict=True)),
        differs_at=differs_at,
        instructions=cost.instructions,
        cycles=cost.cycles,
        cost_model=engine.cost_model(target),
        latency_ms=None if cost.cycles is None else cost.cycles / target.core.clock_hz * 1000,
        arena_used_bytes=need.used,
        arena_smallest_bytes=need.smallest,
        flash_bytes=size.flash_bytes,
        ram_bytes=size.ram_bytes,
        stack_used_bytes=result.stack_used,
        operators=tuple(_operator(model, index, step.cost, cost) for index, step in enumerate(steps)),
    )


def _operator(model: Model, index: int, cost: Cost, whole: Cost) -> OperatorCost:
    operator = model.operators[index]
    return OperatorCost(
        index=index,
        name=operator.name,
        output=model.tensors[operator.outputs[0]].shape,
        instructions=cost.instructions,
        cycles=cost.cycles,
        macs=operator.macs,
        share=cost.instructions / whole.instructions,
    )


def _reference(model: Model, given: Arrays) -> tuple[Reference | None, str]:
    """The model on the host; or None and why."""
    try:
        return Reference(model, given), ""
    except Refused as refused:
        return None, str(refused)


def _values(tensor: Tensor, found: NDArray[np.generic]) -> OutputValues:
    return OutputValues(
        name=tensor.name,
        type=tensor.dtype.lower(),
        shape=tensor.shape,
        scale=tensor.scale,
        zero_point=tensor.zero_point,
        values=tuple(found.ravel().tolist()),
    )


def _first_difference(model: Model, host: Arrays, steps: list[Step], device: _OutputOf, tolerance: float) -> str:
    """The first operator whose output is farther from the host's than rounding explains, with one of its values.

    `device` reads an operator's output, for which it runs the model up to there.
    """
    for index, (step, theirs) in enumerate(zip(steps, host, strict=True)):
        if step.crc == crc(theirs):
            continue
        ours = device(index, theirs)
        apart = distance(ours, theirs)
        if apart.first is not None and apart.exceeds(tolerance):
            return f"operator {index} {model.operators[index].name}, {place(apart.first, ours, theirs)}"
    return ""
