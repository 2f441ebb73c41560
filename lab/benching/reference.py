"""What the host makes of the same inputs: TFLM's interpreter of today, or LiteRT where that refuses the model.

TFLM dropped the uint8 of early models, which the firmware's TFLM of 2020 still computes, and LiteRT too. The host's
TFLM can be wrong itself, as where an operator writes beyond a tensor: it has to give the same outputs in two plans of
memory, and is held against LiteRT where that is installed. What a model keeps between inferences it keeps here too:
every interpreter makes all of them, in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

from lab.benching.agreement import TOLERANCE, agreement, distance, place, together
from lab.benching.stimulus import Arrays
from lab.errors import ModelError, ModelRefused, ToolMissing
from lab.interpreter.interpreter import Interpreter, Runtime
from lab.model import Model

TFLM, LITERT = "TFLM", "LiteRT's reference kernels"
_SIDES = ("TFLM", "LiteRT")
_RUNTIMES: dict[str, Runtime] = {TFLM: "tflm", LITERT: "litert"}


class Reference:
    """One model that has run on the host; `name` says on what, `doubt` why its outputs may be wrong."""

    def __init__(self, model: Model, steps: Sequence[Arrays]) -> None:
        """`steps` has the inputs of each inference.

        Raises as the interpreter does, and Refused for a model that nothing here runs, or nothing reliably.
        """
        self._model = model
        self._steps = steps
        self.doubt = ""
        try:
            self.name, self._outputs = TFLM, self._all(keep_tensors=True)
            # With every tensor kept none shares its memory: what lies beyond one is something else than without.
            shared = self._all(keep_tensors=False)
        except ModelRefused as refused:
            self._take_litert(refused.message)
            return
        plans = zip(self._outputs, shared, strict=True)
        unlike = together([agreement(kept, again, 0, ("first", "then")) for kept, again in plans]).first
        if unlike:
            why = f"The host's TFLM interpreter gives two answers to one input ({unlike}), so it is not to be trusted."
            self._take_litert(why)
            self.doubt = why
        else:
            self.doubt = self._unlike_litert()

    def outputs(self) -> Sequence[Arrays]:
        """Every output of the model, for each inference."""
        return self._outputs

    def operator_outputs(self) -> Iterator[list[NDArray[np.generic]]]:
        """The first output tensor of every operator, in the order of execution, for each inference."""
        interpreter = Interpreter(self._model, _RUNTIMES[self.name], keep_tensors=True)
        for given in self._steps:
            interpreter.run(*given)
            yield interpreter.operator_outputs()

    def _all(self, runtime: Runtime = "tflm", *, keep_tensors: bool) -> tuple[Arrays, ...]:
        interpreter = Interpreter(self._model, runtime, keep_tensors=keep_tensors)
        return tuple(tuple(interpreter.run(*given)) for given in self._steps)

    def _take_litert(self, why: str) -> None:
        try:
            self.name, self._outputs = LITERT, self._all("litert", keep_tensors=True)
        except ToolMissing:
            raise Refused(
                f"{why.rstrip('.')}; with the Python package ai-edge-litert it is compared with LiteRT's reference "
                "kernels."
            ) from None
        except ModelRefused as second:
            raise Refused(f"{why} {second.message}") from None

    def _unlike_litert(self) -> str:
        """Where TFLM's output is not LiteRT's, nothing without LiteRT or for a model that it does not run."""
        try:
            other = Interpreter(self._model, "litert", keep_tensors=True)
            for at, (given, ours) in enumerate(zip(self._steps, self._outputs, strict=True)):
                found = agreement(ours, tuple(other.run(*given)), sides=_SIDES)
                if not found.holds:
                    where = found.first if len(self._steps) == 1 else f"inference {at}, {found.first}"
                    parting = self._parting(other, at)
                    return f"The host's TFLM and LiteRT disagree ({where}), {parting}. One of them is wrong."
        except (ToolMissing, ModelError):
            return ""
        return ""

    def _parting(self, other: Interpreter, at: int) -> str:
        """The first operator at which they disagree in that inference, the last that `other` has made."""
        ours = next(islice(self.operator_outputs(), at, None))
        for index, operator, mine in zip(count(), self._model.operators, ours, strict=False):
            if self._model.given(operator) is None:
                continue
            try:
                (theirs,) = other.tensors(operator.outputs[:1])
            except ModelRefused as refused:  # the tensor came out in another shape than the model says
                return f"first at operator {index} {operator.name}: {refused.message.rstrip('.')}"
            apart = distance(mine, theirs)
            if apart.first is not None and apart.exceeds(TOLERANCE):
                return f"first at operator {index} {operator.name}, {place(apart.first, mine, theirs, _SIDES)}"
        return "at no single operator"


class Refused(Exception):
    """Why nothing on the host runs a model so that the device can be compared with it."""
