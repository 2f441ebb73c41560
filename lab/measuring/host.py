"""The host's word on a recording: the same feature sources and today's TFLM interpreter, without a device.

The device must agree with it bit for bit, from the samples' CRC to the decision.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.building import host_features
from lab.interpreter.interpreter import Interpreter
from lab.model import Model
from lab.workload import Workload


def crc(values: NDArray[np.generic]) -> str:
    """CRC-32 of an array's little-endian bytes, as the device prints it."""
    return f"{zlib.crc32(np.ascontiguousarray(values).tobytes()):08x}"


@dataclass(frozen=True)
class Expectation:
    """What the device should report: int8 `features` [rows, values], and the scores that the decision makes."""

    samples: NDArray[np.int16]
    features: NDArray[np.int8]
    scores: tuple[int, ...]
    decided: str


class Host:
    """One model on the host. Both raise as the interpreter does, ModelRefused for one."""

    def __init__(self, workload: Workload, model: Model) -> None:
        self._workload = workload
        self._model = model
        self._interpreter = Interpreter(model)

    def expect(self, samples: NDArray[np.int16]) -> Expectation:
        """What follows from int16 samples at the workload's rate."""
        workload = self._workload
        features = host_features.of(samples, workload.features, workload.input)
        (output,) = self._interpreter.run(features.reshape(self._model.input.shape))
        scores = workload.decision.scores(features, output.astype(np.int8, copy=False))
        return Expectation(samples, features, scores, workload.decision.label(scores, workload.labels))

    def operator_outputs(self, features: NDArray[np.int8]) -> list[NDArray[np.generic]]:
        """The first output tensor of every operator, in the order of execution."""
        keeping = Interpreter(self._model, keep_tensors=True)
        keeping.run(features.reshape(self._model.input.shape))
        return keeping.operator_outputs()
