"""What the host makes of the same input: TFLM's interpreter of today, or LiteRT where that refuses the model.

TFLM dropped the uint8 of early models, which the firmware's TFLM of 2020 still computes, and LiteRT too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.benching.stimulus import Arrays
from lab.model import Model, interpreter

_FOR_ITSELF = 65_536
"""Bytes of arena that the interpreter takes whatever the model: with less it does not refuse, it crashes."""

TFLM, LITERT = "TFLM", "LiteRT's reference kernels"


class Reference:
    """One model that has run on the host; `name` says on what."""

    def __init__(self, model: Model, given: Arrays) -> None:
        """Raises ToolMissing without TFLM's interpreter, and Refused for a model that nothing here runs."""
        self._model = model
        try:
            self.name, self._outputs, self._tensor = TFLM, *_by_tflm(model, given)
        except RuntimeError as error:
            try:
                self.name, self._outputs, self._tensor = LITERT, *_by_litert(model, given)
            except ImportError:
                raise Refused(
                    f"the host's TFLM interpreter, which is today's, refuses the model ({error}); with the Python "
                    "package ai-edge-litert it is compared with LiteRT's reference kernels."
                ) from None
            except (RuntimeError, ValueError) as second:
                raise Refused(f"TFLM's interpreter and LiteRT's refuse the model ({error}; {second}).") from None

    def outputs(self) -> Arrays:
        """Every output of the model."""
        return tuple(np.array(output) for output in self._outputs)

    def operator_outputs(self) -> list[NDArray[np.generic]]:
        """The first output tensor of every operator, in the order of execution."""
        return [np.array(self._tensor(operator.outputs[0])) for operator in self._model.operators]


class Refused(Exception):
    """Why nothing on the host runs a model."""


def _by_tflm(model: Model, given: Arrays) -> tuple[list[Any], Any]:
    runtime = interpreter.runtime()
    made = runtime.Interpreter.from_bytes(
        model.data,
        arena_size=_FOR_ITSELF + len(model.data) * 10 + 2 * model.activation_bytes,
        intrepreter_config=runtime.InterpreterConfig.kPreserveAllTensors,
    )
    for index, array in enumerate(given):
        made.set_input(array, index)
    made.invoke()
    outputs = [made.get_output(index) for index in range(len(model.outputs))]
    return outputs, lambda index: made.GetTensor(index, 0)["tensor_data"]


def _by_litert(model: Model, given: Arrays) -> tuple[list[Any], Any]:
    from ai_edge_litert.interpreter import Interpreter, OpResolverType  # noqa: PLC0415 - of an extra

    made = Interpreter(
        model_content=model.data,
        experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
        experimental_preserve_all_tensors=True,
    )
    made.allocate_tensors()
    for index, array in zip(model.inputs, given, strict=True):
        made.set_tensor(index, array)
    made.invoke()
    return [made.get_tensor(index) for index in model.outputs], made.get_tensor
