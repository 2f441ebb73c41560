"""Which operator a device was in when it did not come to the end of an inference."""

from __future__ import annotations

from collections.abc import Sequence

from lab.benching.board import Inferred
from lab.benching.image import Image
from lab.benching.stimulus import Arrays
from lab.errors import DeviceFault, DeviceSilent
from lab.model import Model
from lab.store import OnStage, silently

_MANY = 100
"""Inferences of which progress is told."""

_Stopped = DeviceFault | DeviceSilent


def inferred(model: Model, made: Image, steps: Sequence[Arrays], on_stage: OnStage = silently) -> list[Inferred]:
    """All inferences in turn, without a restart; of many, every tenth part is told to `on_stage`.

    Raises as BenchBoard does; where the device faults or runs on and on, the error names the operator.
    """
    done: list[Inferred] = []
    with made.board() as board:
        try:
            for given in steps:
                done.append(board.infer(model, given))
                if len(steps) >= _MANY and len(done) % (len(steps) // 10) == 0:
                    on_stage(f"{len(done):,} of {len(steps):,} inferences")
        except (DeviceFault, DeviceSilent) as error:
            raise _located(error, model, made, steps[: len(done) + 1]) from None
    return done


def _located(error: _Stopped, model: Model, made: Image, steps: Sequence[Arrays]) -> _Stopped:
    """The same error with the operator in it; it is met once more, with operators traced, in the last of the steps."""
    count = len(model.operators)
    with made.board(trace_operators=True) as tracing:
        for given in steps:
            ended = 0
            try:
                for _ in tracing.steps(given, count):
                    ended += 1
            except (DeviceFault, DeviceSilent):
                break
        else:
            return error
    if ended == count:
        return error
    of = f" of inference {len(steps) - 1}" if len(steps) > 1 else ""
    message = f"{error.message.rstrip('.')}, in operator {ended} {model.described(ended)}{of}."
    return type(error)(message, remedy=error.remedy, details=error.details, code=error.code)
