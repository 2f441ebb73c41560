"""One model on one board: built, given inputs in turn, compared with the host, and its costs taken apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab import disk
from lab.benching import image, serving, stopping
from lab.benching.accuracy import Accuracy, accuracy, chosen
from lab.benching.agreement import TOLERANCE
from lab.benching.board import Inferred
from lab.benching.comparing import Comparison, Host, first_difference
from lab.benching.image import Choices, Image
from lab.benching.outcome import Inference, OperatorCost, Outcome, OutputValues
from lab.benching.serving import Expected
from lab.benching.stimulus import Arrays, Stimulus
from lab.building.kernels import REFERENCE
from lab.engines.builtin import BuiltinEngine
from lab.measuring import memory
from lab.model import Model
from lab.output import one_line
from lab.store import OnStage, silently
from lab.target import Target


@dataclass(frozen=True)
class Limits:
    """What an outcome has to keep.

    Floats may be off by `tolerance` (agreement.py); of labelled inferences a share of `accuracy` has to be right on the
    device, and `kernels` have to compute what they can; None for no limit.
    """

    tolerance: float = TOLERANCE
    accuracy: float | None = None
    kernels: str | None = None


AS_THE_HOST = Limits()


def bench(
    model: Model,
    target: Target,
    stimulus: Stimulus,
    on_host: Callable[[], Host],
    choices: Choices,
    on_stage: OnStage = silently,
    limits: Limits = AS_THE_HOST,
    elf: Path | None = None,
) -> Outcome:
    """Run the model on the board with these inputs in turn, without a restart, and compare it with `on_host`, which may
    have run for another board before. The firmware is kept as `elf`.

    Raises what building raises (an operator that TFLM lacks is named before anything is compiled), ArenaTooSmall where
    the board's RAM has no room, ToolMissing without the host's interpreter, and FirmwareError for what the device does.
    """
    host = on_host()
    made = image.made(model, target, choices, BuiltinEngine(), on_stage)
    if elf is not None:
        disk.copy(made.build.firmware.path, elf, elsewhere="name another file with --elf")
    on_stage(f"running {model.path.name} on {target.name}")
    made = made.watched(model, stimulus.steps[0])
    inferred = stopping.inferred(model, made, stimulus.steps, on_stage)
    return _outcome(model, stimulus, made, inferred, Comparison.of(host, inferred, limits.tolerance), limits)


def _outcome(
    model: Model,
    stimulus: Stimulus,
    made: Image,
    inferred: Sequence[Inferred],
    compared: Comparison,
    limits: Limits,
) -> Outcome:
    target, reference = made.target, compared.host.reference
    costliest = max(range(len(inferred)), key=lambda at: inferred[at].cost.instructions)
    cost = inferred[costliest].cost
    size = memory.of(made.build.firmware, target, made.need.smallest)
    computed = serving.computed_by(model, made, stimulus.steps[0])
    return Outcome(
        model=one_line(model.path.name),
        model_crc=model.crc,
        target=target.name,
        kernels=next((name for name in computed if name != REFERENCE), REFERENCE),
        agreement=compared.whole,
        not_compared=compared.host.refused,
        compared_with=reference.name if reference else "",
        doubt=reference.doubt if reference else "",
        outputs=_described(model, inferred[0].outputs),
        differs_at=_differs_at(model, stimulus.steps, made, compared, limits.tolerance),
        accuracy=_accuracy(stimulus, inferred, compared.host, limits.accuracy),
        expected_kernels=_expected(limits.kernels, made, model, computed),
        instructions=cost.instructions,
        cycles=cost.cycles,
        cost_model=made.engine.cost_model(target),
        latency_ms=None if cost.cycles is None else cost.cycles / target.core.clock_hz * 1000,
        ratios=None if cost.cycles is None else made.engine.cycle_ratios(target),
        arena_used_bytes=made.need.used,
        arena_smallest_bytes=made.need.smallest,
        flash_bytes=size.flash_bytes,
        ram_bytes=size.ram_bytes,
        stack_used_bytes=inferred[-1].stack_used,
        operators=_operators(model, made, stimulus.steps[: costliest + 1], cost.instructions, computed),
        inferences=_inferences(stimulus, inferred, compared),
    )


def _differs_at(model: Model, steps: Sequence[Arrays], made: Image, compared: Comparison, tolerance: float) -> str:
    reference = compared.host.reference
    if reference is None or compared.holds:
        return ""
    with made.board(trace_operators=True) as tracing:
        return first_difference(model, steps, tracing, reference, tolerance)


def _operators(
    model: Model, made: Image, steps: Sequence[Arrays], whole: int, computed: Sequence[str]
) -> tuple[OperatorCost, ...]:
    """What each took in the last of these inferences, which took `whole` instructions."""
    with made.board(trace_operators=True) as tracing:
        for given in steps:
            costs = [step.cost for step in tracing.steps(given, len(model.operators))]
    return tuple(
        OperatorCost(
            index=index,
            name=operator.name,
            kernels=computed[index],
            output=value.shape if (value := model.given(operator)) else (),
            instructions=cost.instructions,
            cycles=cost.cycles,
            macs=operator.macs,
            share=cost.instructions / whole,
        )
        for index, (operator, cost) in enumerate(zip(model.operators, costs, strict=True))
    )


def _expected(name: str | None, made: Image, model: Model, computed: Sequence[str]) -> Expected | None:
    return None if name is None else serving.expected(name, made.build.kernels, model, computed)


def _described(model: Model, outputs: Arrays) -> tuple[OutputValues, ...]:
    tensors = [model.tensors[index] for index in model.outputs]
    return tuple(
        OutputValues(
            name=tensor.name,
            type=tensor.dtype.lower(),
            shape=tensor.shape,
            scale=tensor.scale,
            zero_point=tensor.zero_point,
            values=tuple(found.ravel().tolist()),
        )
        for tensor, found in zip(tensors, outputs, strict=True)
    )


def _accuracy(stimulus: Stimulus, inferred: Sequence[Inferred], host: Host, minimum: float | None) -> Accuracy | None:
    if stimulus.labels is None:
        return None
    theirs = host.outputs()
    return accuracy(
        stimulus.labels,
        [chosen(one.outputs) for one in inferred],
        None if theirs is None else [chosen(one) for one in theirs],
        minimum,
    )


def _inferences(stimulus: Stimulus, inferred: Sequence[Inferred], compared: Comparison) -> tuple[Inference, ...]:
    labels, theirs = stimulus.labels, compared.host.outputs()
    return tuple(
        Inference(
            index=at,
            agreement=compared.agreements[at] if compared.agreements else None,
            outputs=tuple(tuple(array.ravel().tolist()) for array in one.outputs),
            instructions=one.cost.instructions,
            cycles=one.cost.cycles,
            label=labels[at] if labels else None,
            device_class=chosen(one.outputs) if labels else None,
            host_class=chosen(theirs[at]) if labels and theirs else None,
        )
        for at, one in enumerate(inferred)
    )
