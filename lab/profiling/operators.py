"""Which of an inference's calls are the model's operators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lab.errors import FirmwareError
from lab.model import Model
from lab.profiling.frame import Frame

CALLERS = (
    "_ZN6tflite16MicroInterpreter6InvokeEv",
    "_ZN6tflite21MicroInterpreterGraph14InvokeSubgraphEi",
)
"""Functions of TFLM that call one operator after the other: that of the crate, and that of upstream trees."""


def caller(inference: Frame) -> Frame:
    """The frame that calls the operators. Raises FirmwareError where there is none."""
    found = [frame for frame in inference.walk() if frame.symbol in CALLERS and frame.below]
    if not found:
        raise _amiss("has no function of TFLM that calls operators")
    return next((frame for frame in found if frame.symbol == CALLERS[-1]), found[-1])


def calls(inference: Frame, count: int) -> list[Frame]:
    """The calls of the model's `count` operators, in order of execution: all come from one place of the interpreter.

    Raises FirmwareError where there are not so many.
    """
    by_site: defaultdict[int, list[Frame]] = defaultdict(list)
    for frame in caller(inference).below:
        by_site[frame.site].append(frame)
    fitting = [frames for frames in by_site.values() if len(frames) == count]
    if not fitting:
        raise _amiss(f"called no {count} operators one after the other, as the model has")
    return max(fitting, key=lambda frames: sum(frame.total.instructions for frame in frames))


def title(model: Model, index: int) -> str:
    """`3 CONV_2D 25x20x64`"""
    operator = model.operators[index]
    given = model.given(operator)
    return f"{index} {operator.name} {shape(given.shape if given else ())}".strip()


def shape(extents: Sequence[int]) -> str:
    """Of one output, without the batch: `25x20x64`."""
    return "x".join(map(str, extents[1:] or extents))


def _amiss(what: str) -> FirmwareError:
    return FirmwareError(
        f"The firmware's inference {what}.",
        remedy="Build it with the lab's TFLM, and without inlining across files (-flto).",
        code="operators-not-found",
    )
