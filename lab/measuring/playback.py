"""A board that listens: booted once, it hears every recording from the same snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from lab.elf import Firmware
from lab.engines import selection
from lab.engines.machine import Counters, Engine, Machine
from lab.errors import ArenaTooSmall, DeviceFault, DeviceSilent, FirmwareError
from lab.measuring import device_log
from lab.measuring.device_log import Boot, Fault, Inference, Kind, StartError, Statistics
from lab.measuring.parameters import Mode, Parameters
from lab.measuring.request import Request
from lab.target import Target
from lab.workload import Workload

INFERENCE_BEGINS, INFERENCE_ENDED = 1, 2
"""Arguments of `lab_mark` around an inference (docs/device-protocol.md)."""

BOOT_LIMIT_S = 2.0
DECISION_LIMIT_S = 20.0
"""Virtual seconds after which a board is silent: a boot takes milliseconds, a decision a second or two."""

LAST_LINES = 10


@dataclass(frozen=True)
class Heard:
    """What the board reported of one recording, and what was counted meanwhile.

    `instructions` and `cycles` are those of the inference; `cpu_load` is the share of the virtual time between the
    start of the recording and the end of the inference that the core did not sleep.
    """

    inference: Inference
    statistics: Statistics
    instructions: int
    cycles: int | None
    time_ns: int
    cpu_load: float
    lines: tuple[str, ...]


class Board:
    """A machine with its firmware, in one mode. Close it, or use it as a context manager.

    Raises ArenaTooSmall, DeviceFault, DeviceSilent or FirmwareError if the firmware does not come up.
    """

    def __init__(
        self, engine: Engine, target: Target, workload: Workload, firmware: Firmware, parameters: Parameters
    ) -> None:
        self._target = target
        self._workload = workload
        self._firmware = firmware
        self.machine: Machine = engine.machine(target)
        try:
            self.machine.load(firmware)
            parameters.put(self.machine, firmware)
            self.machine.watch("lab_mark")
            self.boot = self.await_event(Boot, BOOT_LIMIT_S)
            self._check_protocol()
            self._booted = self.machine.snapshot()
        except BaseException:
            self.machine.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.machine.close()

    def restart(self, samples: NDArray[np.int16]) -> None:
        """Back to the moment after boot, with these samples waiting at the sensor."""
        self.machine.restore(self._booted)
        self.machine.play(samples, self._workload.input.sensor)

    def listen(self, samples: NDArray[np.int16]) -> Heard:
        """Play one recording and await the decision. Raises as `await_event` does."""
        self.restart(samples)
        began = self.machine.counters()
        already = len(self.machine.lines())
        inference = self.await_event(Inference, DECISION_LIMIT_S)
        self._check_labels(inference)
        statistics = self.await_event(Statistics, BOOT_LIMIT_S)
        start, end = self._inference_marks()
        awake = end.instructions - began.instructions
        passed = (end.time_ns - began.time_ns) * self._target.core.clock_hz / 1e9
        cycles = None if end.cycles is None or start.cycles is None else end.cycles - start.cycles
        return Heard(
            inference,
            statistics,
            end.instructions - start.instructions,
            cycles,
            end.time_ns - began.time_ns,
            min(1.0, awake / passed),
            tuple(self.machine.lines()[already:]),
        )

    def await_event(self, kind: type[Kind], limit: float) -> Kind:
        """Run until the device prints an event of that kind.

        Raises DeviceFault when the firmware reports a fault, ArenaTooSmall or FirmwareError when it cannot start,
        DeviceSilent after `limit` virtual seconds.
        """
        awaited: list[Kind] = []

        def arrived(line: str) -> bool:
            event = device_log.parse(line)
            if isinstance(event, kind):
                awaited.append(event)
            return bool(awaited) or isinstance(event, Fault | StartError)

        stop = self.machine.run(until=arrived, limit=limit)
        if awaited:
            return awaited[0]
        event = device_log.parse(stop.line) if stop.line is not None else None
        if isinstance(event, Fault):
            raise self._fault(event)
        if isinstance(event, StartError):
            raise self._start_error(event)
        raise DeviceSilent(
            f"{self._firmware.path.name} on {self._target.name} printed no {kind.__name__.lower()} line "
            f"within {limit:g} virtual seconds.",
            remedy="Look at where it stood, in the last basic blocks above: a loop, or a wait for what never comes?",
            details=self._last_words(),
        )

    def _check_protocol(self) -> None:
        if self.boot.protocol != device_log.PROTOCOL:
            raise FirmwareError(
                f"{self._firmware.path.name} speaks protocol {self.boot.protocol}; "
                f"the lab knows {device_log.PROTOCOL}.",
                remedy="Build the firmware with this lab, or take the lab of its version.",
                details=self._last_words(),
                code="protocol-version",
            )

    def _check_labels(self, inference: Inference) -> None:
        labels = self._workload.labels
        if len(inference.scores) == len(labels) and inference.label in labels:
            return
        raise FirmwareError(
            f"The device's 'inference' line has the label {inference.label!r} and {len(inference.scores)} scores; "
            f"{self._workload.name} has the {len(labels)} labels {', '.join(labels)}.",
            remedy="Take the labels from workload_config.h, and send a score for each.",
            details=self._last_words(),
            code="labels-differ",
        )

    def _inference_marks(self) -> tuple[Counters, Counters]:
        found = {mark.argument: mark.counters for mark in self.machine.marks() if mark.symbol == "lab_mark"}
        try:
            return found[INFERENCE_BEGINS], found[INFERENCE_ENDED]
        except KeyError:
            raise FirmwareError(
                f"{self._firmware.path.name} printed an inference without calling lab_mark(1) and lab_mark(2).",
                remedy="docs/device-protocol.md says where the marks belong.",
                details=self._last_words(),
                code="marks-missing",
            ) from None

    def _fault(self, fault: Fault) -> DeviceFault:
        pc = int(fault.pc, 16)
        line = self._firmware.line_at(pc)
        return DeviceFault(
            f"{fault.kind} at pc 0x{pc:08x} in {self._firmware.function_at(pc)}"
            + (f" ({line})" if line else "")
            + f", lr {fault.lr}, cfsr {fault.cfsr}, hfsr {fault.hfsr}.",
            remedy="Look at that line, and at the last basic blocks above, which led there.",
            details=self._last_words(),
        )

    def _start_error(self, error: StartError) -> FirmwareError:
        message = f"{self._firmware.path.name} on {self._target.name} could not start ({error.what}): {error.message}"
        if error.what == "arena":
            return ArenaTooSmall(
                message, remedy=f"Raise arena_bytes in {self._workload.file}.", details=self._last_words()
            )
        return FirmwareError(
            message,
            remedy="The words are the firmware's or TFLM's; its last lines are above.",
            details=self._last_words(),
            code="start-failed",
        )

    def _last_words(self) -> str:
        lines = "\n".join(self.machine.lines()[-LAST_LINES:]) or "(nothing)"
        return f"last device lines:\n{lines}\n{self.machine.trace()}"


def clip_board(request: Request, firmware: Firmware, arena_bytes: int | None = None) -> Board:
    """A booted board that decides once a recording, with part of its arena if told so. Raises as Board does."""
    parameters = Parameters(Mode.CLIP, request.workload.input.samples, arena_bytes=arena_bytes)
    return Board(selection.select(request.engine), request.target, request.workload, firmware, parameters)
