"""What the host makes of the same input: TFLM's interpreter of today, or LiteRT where that refuses the model.

TFLM dropped the uint8 of early models, which the firmware's TFLM of 2020 still computes, and LiteRT too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.benching.stimulus import Arrays
from lab.errors import ModelRefused, ToolMissing
from lab.interpreter.interpreter import Interpreter
from lab.model import Model

TFLM, LITERT = "TFLM", "LiteRT's reference kernels"


class Reference:
    """One model that has run on the host; `name` says on what."""

    def __init__(self, model: Model, given: Arrays) -> None:
        """Raises as the interpreter does, and Refused for a model that nothing here runs."""
        self._model = model
        try:
            self.name, self._interpreter = TFLM, Interpreter(model, keep_tensors=True)
            self._outputs = self._interpreter.run(*given)
        except ModelRefused as first:
            try:
                self.name, self._interpreter = LITERT, Interpreter(model, "litert", keep_tensors=True)
                self._outputs = self._interpreter.run(*given)
            except ToolMissing:
                raise Refused(
                    f"{first.message.rstrip('.')}; with the Python package ai-edge-litert it is compared with "
                    "LiteRT's reference kernels."
                ) from None
            except ModelRefused as second:
                raise Refused(f"{first.message} {second.message}") from None

    def outputs(self) -> Arrays:
        """Every output of the model."""
        return tuple(self._outputs)

    def operator_outputs(self) -> list[NDArray[np.generic]]:
        """The first output tensor of every operator, in the order of execution."""
        return self._interpreter.tensors([operator.outputs[0] for operator in self._model.operators])


class Refused(Exception):
    """Why nothing on the host runs a model."""
