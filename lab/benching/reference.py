"""What the host makes of the same input: TFLM's interpreter of today, or LiteRT where that refuses the model.

TFLM dropped the uint8 of early models, which the firmware's TFLM of 2020 still computes, and LiteRT too. The host's
TFLM can be wrong itself, as where an operator writes beyond a tensor: it has to give the same output in two plans of
memory, and is held against LiteRT where that is installed.
"""

from __future__ import annotations

from itertools import count

import numpy as np
from numpy.typing import NDArray

from lab.benching.agreement import TOLERANCE, agreement, distance, place
from lab.benching.stimulus import Arrays
from lab.errors import ModelError, ModelRefused, ToolMissing
from lab.interpreter.interpreter import Interpreter
from lab.model import Model

TFLM, LITERT = "TFLM", "LiteRT's reference kernels"
_SIDES = ("TFLM", "LiteRT")


class Reference:
    """One model that has run on the host; `name` says on what, `doubt` why its output may be wrong."""

    def __init__(self, model: Model, given: Arrays) -> None:
        """Raises as the interpreter does, and Refused for a model that nothing here runs, or nothing reliably."""
        self._model = model
        self.doubt = ""
        try:
            self.name, self._interpreter = TFLM, Interpreter(model, keep_tensors=True)
            self._outputs = tuple(self._interpreter.run(*given))
            # With every tensor kept none shares its memory: what lies beyond one is something else than without.
            unlike = agreement(self._outputs, tuple(Interpreter(model).run(*given)), 0, ("first", "then")).first
        except ModelRefused as refused:
            self._take_litert(given, refused.message)
            return
        if unlike:
            why = f"The host's TFLM interpreter gives two answers to one input ({unlike}), so it is not to be trusted."
            self._take_litert(given, why)
            self.doubt = why
        else:
            self.doubt = self._unlike_litert(given)

    def outputs(self) -> Arrays:
        """Every output of the model."""
        return self._outputs

    def operator_outputs(self) -> list[NDArray[np.generic]]:
        """The first output tensor of every operator, in the order of execution."""
        return self._interpreter.tensors([operator.outputs[0] for operator in self._model.operators])

    def _take_litert(self, given: Arrays, why: str) -> None:
        try:
            self.name, self._interpreter = LITERT, Interpreter(self._model, "litert", keep_tensors=True)
            self._outputs = tuple(self._interpreter.run(*given))
        except ToolMissing:
            raise Refused(
                f"{why.rstrip('.')}; with the Python package ai-edge-litert it is compared with LiteRT's reference "
                "kernels."
            ) from None
        except ModelRefused as second:
            raise Refused(f"{why} {second.message}") from None

    def _unlike_litert(self, given: Arrays) -> str:
        """Where TFLM's output is not LiteRT's, nothing without LiteRT or for a model that it does not run."""
        try:
            other = Interpreter(self._model, "litert", keep_tensors=True)
            theirs = tuple(other.run(*given))
        except (ToolMissing, ModelError):
            return ""
        found = agreement(self._outputs, theirs, sides=_SIDES)
        if found.holds:
            return ""
        return f"The host's TFLM and LiteRT disagree ({found.first}), {self._parting(other)}. One of them is wrong."

    def _parting(self, other: Interpreter) -> str:
        """The first operator at which they disagree."""
        for index, operator, ours in zip(count(), self._model.operators, self.operator_outputs(), strict=False):
            try:
                (theirs,) = other.tensors(operator.outputs[:1])
            except ModelRefused as refused:  # the tensor came out in another shape than the model says
                return f"first at operator {index} {operator.name}: {refused.message.rstrip('.')}"
            apart = distance(ours, theirs)
            if apart.first is not None and apart.exceeds(TOLERANCE):
                return f"first at operator {index} {operator.name}, {place(apart.first, ours, theirs, _SIDES)}"
        return "at no single operator"


class Refused(Exception):
    """Why nothing on the host runs a model so that the device can be compared with it."""
