"""A board that listens: booted once, it hears every recording from the same snapshot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.engines import selection
from lab.engines.machine import Engine
from lab.errors import FirmwareError
from lab.image import Image
from lab.measuring.device import BOOT_LIMIT_S, Device
from lab.measuring.device_log import Inference, Statistics
from lab.measuring.parameters import Parameters
from lab.measuring.request import Request
from lab.outcomes.recording import Counted
from lab.target import Target
from lab.workload import Workload

DECISION_LIMIT_S = 20.0
"""Virtual seconds after which a board that listens is silent: a decision takes a second or two."""


@dataclass(frozen=True, kw_only=True)
class DeviceReport(Counted):
    """What the board reported of one recording, and what was counted meanwhile."""

    inference: Inference
    statistics: Statistics
    lines: tuple[str, ...]


class Board(Device):
    """A device that listens, in one mode, at `mips` as Device has it. Raises as Device does."""

    def __init__(
        self,
        engine: Engine,
        target: Target,
        workload: Workload,
        firmware: Image,
        parameters: Parameters,
        mips: int | None = None,
    ) -> None:
        super().__init__(
            engine,
            target,
            firmware,
            lambda machine: parameters.put(machine, firmware),
            f"Raise arena_bytes in {workload.file}.",
            mips,
        )
        self.workload = workload
        self._booted = self.machine.snapshot()

    def restart(self, samples: NDArray[np.int16]) -> None:
        """Back to the moment after boot, with these samples waiting at the sensor."""
        self.machine.restore(self._booted)
        self.machine.play(self.workload.input.signal(samples), self.workload.input.sensor)

    def listen(self, samples: NDArray[np.int16]) -> DeviceReport:
        """Play one recording and await the decision. Raises as `await_event` does."""
        self.restart(samples)
        began = self.machine.counters()
        already = len(self.machine.lines())
        inference = self.await_event(Inference, DECISION_LIMIT_S + self.workload.input.window_s)
        self.check_labels(inference)
        statistics = self.await_event(Statistics, BOOT_LIMIT_S)
        start, end = self.inference_counters()
        cycles, awake = end.cycles_since(start), end.cycles_since(began)
        listened = (start.time_ns - began.time_ns) * self._target.core.clock_hz / 1e9
        return DeviceReport(
            inference=inference,
            statistics=statistics,
            instructions=end.instructions - start.instructions,
            cycles=cycles,
            time_ns=end.time_ns - began.time_ns,
            awake_cycles=awake,
            cpu_load=None if awake is None or cycles is None else min(1.0, awake / (listened + cycles)),
            stack_used=statistics.stack_used,
            lost_samples=statistics.lost_samples,
            late_inferences=statistics.late_inferences,
            lines=tuple(self.machine.lines()[already:]),
        )

    def check_labels(self, inference: Inference) -> None:
        """Raises FirmwareError unless the inference has the workload's labels."""
        labels = self.workload.labels
        scores = len(self.workload.decision.score_names(labels))
        if len(inference.scores) == scores and inference.label in labels:
            return
        raise FirmwareError(
            f"The device's 'inference' line has the label {inference.label!r} and {len(inference.scores)} scores; "
            f"{self.workload.name} has {scores} and the {len(labels)} labels {', '.join(labels)}.",
            remedy="Take the labels from workload_config.h, and send a score for each.",
            details=self.last_words(),
            code="labels-differ",
        )


def clip_board(request: Request, firmware: Image, arena_bytes: int | None = None) -> Board:
    """A booted board that decides once a recording, with part of its arena if told so. Raises as Board does."""
    parameters = Parameters("clip", request.workload.input.frames, arena_bytes=arena_bytes)
    return Board(
        selection.select(request.engine, request.renode), request.target, request.workload, firmware, parameters
    )
