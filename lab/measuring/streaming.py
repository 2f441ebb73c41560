"""A board that listens on and on: parts of a stream are played to it, each from the moment after boot."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.composing.stream import Part
from lab.elf import Firmware
from lab.engines import selection
from lab.engines.machine import Counters, Engine
from lab.errors import DeviceSilent
from lab.measuring import device_log, second_try
from lab.measuring.device_log import Detection, Inference, Statistics
from lab.measuring.marks import INFERENCE_BEGINS, INFERENCE_ENDED
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.outcomes.stream import Inferred, PartOutcome
from lab.target import Target
from lab.workload import Workload


@dataclass(frozen=True)
class StreamSetup:
    """All that a worker process needs to set up a board that listens; `mips` is how fast its core is."""

    workload: Workload
    target: Target
    engine: str
    renode: Path | None
    elf: Path
    mips: int

    def listener(self) -> StreamListener:
        """A board of its own."""
        engine = selection.select(self.engine, self.renode)
        return StreamListener(listening(engine, self.target, self.workload, Firmware(self.elf), self.mips), self.mips)


def listening(engine: Engine, target: Target, workload: Workload, firmware: Firmware, mips: int | None = None) -> Board:
    """A booted board in streaming mode. Raises as Board does."""
    return Board(engine, target, workload, firmware, Parameters("stream", workload.input.frames), mips)


class StreamListener:
    """Hears part after part on a board whose core executes `mips` instructions a microsecond. Close it when done."""

    def __init__(self, board: Board, mips: int) -> None:
        self._board = board
        self._mips = mips

    def close(self) -> None:
        """Free the board."""
        self._board.machine.close()

    def hear(self, part: Part) -> PartOutcome:
        """What the device made of a part. Raises DeviceFault, DeviceSilent or FirmwareError, and as the engine does."""
        outcome, _ = second_try.heard(lambda: self._hear(part))
        return outcome

    def _hear(self, part: Part) -> PartOutcome:
        board, machine = self._board, self._board.machine
        seconds = len(part.samples) / board.workload.input.rate_hz
        board.restart(part.samples)
        began = machine.counters()
        already = len(machine.lines())
        board.run_for(seconds)
        ended = machine.counters()
        log = tuple(machine.lines()[already:])
        events = [event for line in log if (event := device_log.parse(line)) is not None]
        inferences = [event for event in events if isinstance(event, Inference)]
        statistics = [event for event in events if isinstance(event, Statistics)]
        if board.workload.features.come_by_time and not (inferences and statistics):
            raise self._silent(seconds)
        for first in inferences[:1]:
            board.check_labels(first)
        return PartOutcome(
            number=part.number,
            start_s=part.start_s,
            seconds=seconds,
            stimulus=hashlib.sha256(part.samples.tobytes()).hexdigest(),
            events=part.events,
            detected=self._detected(events, part.start_s, began),
            inferences=len(inferences),
            instructions=ended.instructions - began.instructions,
            cpu_load=self._load(began, ended),
            stack_used=statistics[-1].stack_used if statistics else 0,
            lost_samples=statistics[-1].lost_samples if statistics else 0,
            late_inferences=statistics[-1].late_inferences if statistics else 0,
            log=log,
            inferred=self._inferred(inferences, part.start_s, began) if board.workload.task.of_states else (),
        )

    def _detected(
        self, events: Sequence[device_log.Event], start_s: float, began: Counters
    ) -> tuple[tuple[float, str, int], ...]:
        """Each detection at the time at which the inference that led to it ended."""
        marks = [mark for mark in self._board.machine.marks() if mark.argument == INFERENCE_ENDED]
        found = []
        inferences = 0
        for event in events:
            if isinstance(event, Inference):
                inferences += 1
                if inferences > len(marks):
                    raise self._board.marks_missing()
            elif isinstance(event, Detection) and inferences:
                passed_ns = marks[inferences - 1].counters.time_ns - began.time_ns
                found.append((start_s + passed_ns / 1e9, event.label, event.score))
        return tuple(found)

    def _inferred(self, inferences: Sequence[Inference], start_s: float, began: Counters) -> tuple[Inferred, ...]:
        """Each inference at the end of its window.

        A device goes by its signal, so that is known to the frame: the first window ends where it can, the next a
        stride later. Features that wait for something have theirs when the inference begins.
        """
        heard, features = self._board.workload.input, self._board.workload.features
        if features.apart(heard) == features.step_frames(heard):
            stride = self._board.workload.decision.stride_steps(self._board.workload) * features.step_frames(heard)
            ends = range(features.frames(heard), 2**62, stride)
            return tuple(
                Inferred(start_s + end / heard.rate_hz, one.label, one.scores)
                for end, one in zip(ends, inferences, strict=False)
            )
        marks = [mark for mark in self._board.machine.marks() if mark.argument == INFERENCE_BEGINS]
        if len(marks) < len(inferences):
            raise self._board.marks_missing()
        passed = ((mark.counters.time_ns - began.time_ns) / 1e9 for mark in marks)
        return tuple(
            Inferred(start_s + passed_s, one.label, one.scores)
            for passed_s, one in zip(passed, inferences, strict=False)
        )

    def _load(self, began: Counters, ended: Counters) -> float:
        """Share of the time in which the core did not sleep."""
        awake_ns = (ended.instructions - began.instructions) / self._mips * 1e3
        return min(1.0, awake_ns / (ended.time_ns - began.time_ns))

    def _silent(self, seconds: float) -> DeviceSilent:
        return DeviceSilent(
            f"The firmware of {self._board.workload.name} made no inference in {seconds:g} seconds of signal.",
            remedy="In streaming mode (word 2 of lab_parameters is 0) it has to infer again and again: "
            "docs/device-protocol.md.",
            details=self._board.last_words(),
            code="stream-silent",
        )
