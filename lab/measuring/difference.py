"""Finding the first stage at which the device departs from the host, with its position and both values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lab.engines.machine import Machine
from lab.image import Image
from lab.measuring.device_log import Operator
from lab.measuring.host import Expectation, Host, crc
from lab.measuring.parameters import Parameters
from lab.measuring.playback import DECISION_LIMIT_S, Board, DeviceReport
from lab.outcomes.recording import Difference, Stage
from lab.workload import Workload

Boards = Callable[[Parameters], Board]
"""Makes another board with the same firmware in another mode."""


def first_difference(
    heard: DeviceReport, expected: Expectation, board: Board, firmware: Image, workload: Workload, trace: Tracer
) -> Difference | None:
    """The first stage that differs, or None when device and host agree bit for bit.

    Call it before the board hears anything else: samples and features are read from its memory.
    """
    inference = heard.inference
    if inference.samples_crc != crc(expected.samples):
        device = _array(board.machine, firmware, "lab_samples", expected.samples)
        at = _first(device, expected.samples)
        return _stage("samples", frame(at or 0, workload), at, device, expected.samples, inference.samples_crc)
    if inference.features_crc != crc(expected.features):
        device = _array(board.machine, firmware, "lab_features", expected.features)
        at = _first(device, expected.features)
        return _stage(
            "features",
            workload.features.place(at or 0, workload.input),
            at,
            device,
            expected.features,
            inference.features_crc,
        )
    if inference.scores != expected.scores:
        return trace.first_operator(expected) or _score(inference.scores, expected, workload)
    if inference.label != expected.decided:
        return Difference("decision", "label", inference.label, expected.decided)
    return None


class Tracer:
    """Plays a recording again with every operator's output reported, and names the operator that went astray."""

    def __init__(self, boards: Boards, host: Host, workload: Workload) -> None:
        self._boards = boards
        self._host = host
        self._clip_samples = workload.input.frames

    def first_operator(self, expected: Expectation) -> Difference | None:
        """The first operator whose output differs, or None if every one agrees."""
        outputs = self._host.operator_outputs(expected.features)
        for operator in self._operators(expected.samples, len(outputs)):
            host = outputs[operator.index]
            if operator.crc == crc(host):
                continue
            device = self._output(expected.samples, operator, host)
            at = _first(device, host)
            where = f"operator {operator.index} {operator.operator}, element {at}"
            return _stage("operator", where, at, device, host, operator.crc)
        return None

    def _operators(self, samples: NDArray[np.int16], count: int) -> list[Operator]:
        with self._boards(Parameters("clip", self._clip_samples, trace_operators=True)) as board:
            board.restart(samples)
            return [board.await_event(Operator, DECISION_LIMIT_S) for _ in range(count)]

    def _output(self, samples: NDArray[np.int16], operator: Operator, like: NDArray[np.generic]) -> NDArray[np.generic]:
        stopping = Parameters("clip", self._clip_samples, trace_operators=True, stop_after_operator=operator.index)
        with self._boards(stopping) as board:
            board.restart(samples)
            while board.await_event(Operator, DECISION_LIMIT_S).index != operator.index:
                pass
            return np.frombuffer(board.machine.read(int(operator.address, 16), like.nbytes), dtype=like.dtype).reshape(
                like.shape
            )


def _array(machine: Machine, firmware: Image, symbol: str, like: NDArray[np.generic]) -> NDArray[np.generic]:
    stored = machine.read(firmware.symbol(symbol).address, like.nbytes)
    return np.frombuffer(stored, dtype=like.dtype).reshape(like.shape)


def _first(device: NDArray[np.generic], host: NDArray[np.generic]) -> int | None:
    different = np.flatnonzero(device.ravel() != host.ravel())
    return int(different[0]) if different.size else None


def _stage(
    stage: Stage,
    where: str,
    at: int | None,
    device: NDArray[np.generic],
    host: NDArray[np.generic],
    device_crc: str,
) -> Difference:
    if at is None:  # what is in memory agrees, so the device summed something else
        return Difference(stage, "checksum", device_crc, crc(host))
    return Difference(stage, where, int(device.ravel()[at]), int(host.ravel()[at]), at)


def frame(at: int, workload: Workload) -> str:
    """The name of a sample by its index in the flat array: `sample 40`, or of several axes `axis y, sample 40`."""
    frame, axis = divmod(at, workload.input.channels)
    return f"sample {frame}" if workload.input.channels == 1 else f"axis {workload.input.axes[axis]}, sample {frame}"


def _score(scores: tuple[int, ...], expected: Expectation, workload: Workload) -> Difference:
    names = workload.decision.score_names(workload.labels)
    for index, (device, host) in enumerate(zip(scores, expected.scores, strict=True)):
        if device != host:
            return Difference("decision", f"score {index} ({names[index]})", device, host, index)
    return Difference("decision", "label", "?", expected.decided)
