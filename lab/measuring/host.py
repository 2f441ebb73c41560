"""The host's word on a recording: the same frontend sources and today's TFLM interpreter, without a device.

The device must agree with it bit for bit, from the samples' CRC to the decision.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.building import frontend
from lab.errors import ModelError
from lab.model import Model, interpreter
from lab.workload import Workload


def crc(values: NDArray[np.generic]) -> str:
    """CRC-32 of an array's little-endian bytes, as the device prints it."""
    return f"{zlib.crc32(np.ascontiguousarray(values).tobytes()):08x}"


@dataclass(frozen=True)
class Expectation:
    """What the device should report: int8 `features` [steps, channels], int8 `scores` in label order."""

    samples: NDArray[np.int16]
    features: NDArray[np.int8]
    scores: tuple[int, ...]
    decided: str


class Host:
    """One model on the host.

    Raises ToolMissing where the interpreter has no wheel for this machine, ModelError if it refuses the model.
    """

    def __init__(self, workload: Workload, model: Model) -> None:
        self._workload = workload
        self._model = model
        self._runtime = interpreter.runtime()
        try:
            self._interpreter = self._runtime.Interpreter.from_bytes(model.data)
        except RuntimeError as error:
            raise ModelError(
                f"{model.path} is refused by the host's TFLM interpreter: {error}.",
                remedy="Its reason is in the lines above; convert the model again with today's TensorFlow.",
                code="model-refused",
            ) from error

    def expect(self, samples: NDArray[np.int16]) -> Expectation:
        """What follows from int16 samples at the workload's rate."""
        features = frontend.features(samples, self._workload.features, self._workload.input.rate_hz)
        self._interpreter.set_input(features.reshape(self._model.input.shape), 0)
        self._interpreter.invoke()
        scores = tuple(int(score) for score in self._interpreter.get_output(0).ravel())
        return Expectation(samples, features, scores, self._workload.labels[int(np.argmax(scores))])

    def operator_outputs(self, features: NDArray[np.int8]) -> list[NDArray[np.generic]]:
        """The first output tensor of every operator, in the order of execution."""
        preserving = self._runtime.Interpreter.from_bytes(
            self._model.data,
            arena_size=len(self._model.data) * 10 + self._model.activation_bytes,
            intrepreter_config=self._runtime.InterpreterConfig.kPreserveAllTensors,
        )
        preserving.set_input(features.reshape(self._model.input.shape), 0)
        preserving.invoke()
        return [
            np.array(preserving.GetTensor(operator.outputs[0], 0)["tensor_data"]) for operator in self._model.operators
        ]
