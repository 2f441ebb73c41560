"""What the host's TFLM interpreter makes of the same input."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.benching.stimulus import Arrays
from lab.model import Model, interpreter


def outputs(model: Model, given: Arrays) -> tuple[Arrays | None, str]:
    """Every output of the model; or None and why, for a model that today's TFLM refuses and an older one may run.

    Raises ToolMissing without the interpreter.
    """
    try:
        found = _ran(model, given)
    except RuntimeError as error:
        return None, f"the host's TFLM interpreter, which is today's, refuses the model ({error})."
    return tuple(np.array(found.get_output(index)) for index in range(len(model.outputs))), ""


def operator_outputs(model: Model, given: Arrays) -> list[NDArray[np.generic]]:
    """The first output tensor of every operator, in the order of execution."""
    kept = interpreter.runtime().InterpreterConfig.kPreserveAllTensors
    found = _ran(model, given, intrepreter_config=kept)
    return [np.array(found.GetTensor(operator.outputs[0], 0)["tensor_data"]) for operator in model.operators]


def _ran(model: Model, given: Arrays, **options: Any) -> Any:
    arena = len(model.data) * 10 + 2 * model.activation_bytes
    made = interpreter.runtime().Interpreter.from_bytes(model.data, arena_size=arena, **options)
    for index, array in enumerate(given):
        made.set_input(array, index)
    made.invoke()
    return made
