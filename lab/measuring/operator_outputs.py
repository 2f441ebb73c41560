"""What each operator of a firmware's model puts out for given features, read from the device's memory.

The firmware is booted once more, with its operators traced, in the mode of one decision a recording. Where it has made
its features they are overwritten by the given ones, so that its own model and kernels run on those: whatever led to
them, hours of a stream or samples that were lost, need not be played again. An operator's output is read right behind
it, before a later one takes its place in the arena.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.engines.builtin import BuiltinEngine
from lab.errors import FirmwareError, UsageError
from lab.image import Image
from lab.measuring.device_log import Inference, Operator
from lab.measuring.host import crc
from lab.measuring.marks import FEATURE_STEP_ENDED
from lab.measuring.parameters import Parameters
from lab.measuring.playback import DECISION_LIMIT_S, Board
from lab.model import Model
from lab.target import Target
from lab.workload import Workload

_MIPS = 1_000
"""At an instruction a nanosecond a run ends at the very instruction that it is told to. Results do not go by time."""

_NEEDED = ("lab_parameters", "lab_mark", "lab_features")


@dataclass(frozen=True)
class DeviceOutputs:
    """The first output of every operator, in the order of execution, and the scores that the decision made of it."""

    operators: tuple[NDArray[np.generic], ...]
    scores: tuple[int, ...]


def missing(firmware: Image) -> str:
    """Which symbol a firmware lacks to have its operators traced; "" if it has all."""
    known = {symbol.name for symbol in firmware.symbols}
    return next((name for name in _NEEDED if name not in known), "")


def on_device(
    target: Target, workload: Workload, firmware: Image, model: Model, features: NDArray[np.int8]
) -> DeviceOutputs:
    """Of the model's int8 input, on the built-in engine. `model` is the one in the firmware.

    Raises UsageError if the firmware has another model, and FirmwareError, DeviceFault or DeviceSilent for what the
    device does otherwise than docs/device-protocol.md says.
    """
    parameters = Parameters("clip", workload.input.frames, trace_operators=True)
    with Board(BuiltinEngine(), target, workload, firmware, parameters, _MIPS) as board:
        if board.boot.model_crc != model.crc:
            raise UsageError(
                f"{firmware.path.name} has a model of CRC {board.boot.model_crc}, and {model.path.name} is of CRC "
                f"{model.crc}: what its operators are cannot be told.",
                remedy="Name the model that it was built with: --model.",
                code="firmware-model",
            )
        _to_the_features(board)
        board.machine.write(firmware.symbol("lab_features").address, features.tobytes())
        found = tuple(_output(board, model, index) for index in range(len(model.operators)))
        told = board.await_event(Inference, DECISION_LIMIT_S)
        if told.features_crc != crc(features):
            raise _amiss(board, "took other features than those that it was given")
        return DeviceOutputs(found, told.scores)


def _to_the_features(board: Board) -> None:
    """Run on to where the features of a still recording have been made, and nothing has been done with them."""
    workload = board.workload
    still = np.zeros((workload.input.frames, workload.input.channels), np.int16)
    board.restart(still)
    began_ns = board.machine.counters().time_ns
    board.await_event(Operator, DECISION_LIMIT_S + workload.input.window_s)
    ends = [mark.counters.time_ns for mark in board.machine.marks() if mark.argument == FEATURE_STEP_ENDED]
    if not ends:
        raise _amiss(board, "inferred without calling lab_mark(4)")
    board.restart(still)
    board.machine.run(limit=(ends[-1] - began_ns) / 1e9)


def _output(board: Board, model: Model, index: int) -> NDArray[np.generic]:
    operator, tensor = model.operators[index], model.tensors[model.operators[index].outputs[0]]
    told = board.await_event(Operator, DECISION_LIMIT_S)
    if told.index != index or told.bytes != tensor.bytes:
        raise _amiss(
            board,
            f"told of operator {told.index} with {told.bytes} bytes, where the model has operator {index} "
            f"{operator.name} with {tensor.bytes}",
        )
    stored = board.machine.read(int(told.address, 16), tensor.bytes)
    found = np.frombuffer(stored, tensor.dtype.lower()).reshape(tensor.shape)
    if crc(found) != told.crc:
        raise _amiss(board, f"has another output of operator {index} {operator.name} in its memory than it summed")
    return found


def _amiss(board: Board, what: str) -> FirmwareError:
    return FirmwareError(
        f"The firmware, with its operators traced, {what}.",
        remedy="docs/device-protocol.md says what it has to tell, and where the marks belong.",
        details=board.last_words(),
        code="operators-untold",
    )
