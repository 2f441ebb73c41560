"""Profiles without emulation."""

from __future__ import annotations

from dataclasses import replace

from lab.profiling import phases
from lab.profiling.cost import Cost
from lab.profiling.profile import BoardProfile, FunctionCost, OperatorPart, Part, Phase, Profile
from lab.profiling.run import Profiled

from .trees import function


def operator(index, name, instructions, macs=0):
    return OperatorPart(
        name=name, calls=1, instructions=instructions, cycles=2 * instructions, share=0.5, index=index,
        output=(1, 5, 5, 8), tensor="relu", macs=macs, function="eval",
    )  # fmt: skip


def part(name, instructions, kind="rest", calls=1):
    return Part(name=name, kind=kind, calls=calls, instructions=instructions, cycles=2 * instructions, share=0.5)


def phase(*parts):
    whole = sum(one.instructions for one in parts)
    return Phase(instructions=whole, cycles=2 * whole, parts=parts)


def board(target="nano33ble", kernels="reference", slow=10, *, interrupts=()):
    conv, softmax = operator(0, "CONV_2D", 1_000 * slow, macs=500), operator(1, "SOFTMAX", 3_000)
    return BoardProfile(
        target=target,
        kernels=kernels,
        build={"kernels": "TFLM's own"},
        cost_model="m4-trm-1",
        cycle_error="which counted too few",
        clock_hz=64_000_000,
        decided="yes",
        inference=phase(conv, softmax, part(phases.INTERPRETER, 40), *interrupts),
        features=phase(part("FFT", 700, "stage", 49), part(phases.APPLICATION, 30)),
        remainder=phase(part(phases.BOOKKEEPING, 5)),
        start_up=phases.start_up(Cost(9, 18)),
        functions=(FunctionCost(name="conv<a & b>", calls=1, instructions=1_000 * slow, cycles=2_000 * slow),),
    )


def profiled(*boards):
    """With a call tree for each board."""
    profile = Profile(workload="words", model="net.tflite", clip="yes/one.flac", boards=boards)
    return Profiled(profile, tuple(tree(one) for one in boards))


def tree(found):
    """Features, an inference of two operators, and a name that needs care in XML."""
    kernel = function("conv<a & b>", found.operators[0].instructions)
    operators = [replace(function("0 CONV_2D 5x5x8", 0, kernel), kind="section"), function("softmax", 3_000)]
    groups = [
        function("features", 0, function("fft", 730)),
        function("inference", 0, function("invoke", 40, *operators)),
    ]
    groups = [replace(group, kind="section") for group in groups]
    return replace(function(f"words on {found.target}, {found.kernels}", 0, *groups), kind="section")
