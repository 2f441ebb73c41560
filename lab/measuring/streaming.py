"""A board that listens on and on: a stream is played to it from one boot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from lab.composing.stream import Part, Stream
from lab.engines.machine import Counters, Engine
from lab.errors import DeviceSilent
from lab.image import Image
from lab.measuring import device_log
from lab.measuring.device_log import Statistics
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.measuring.player import Player
from lab.measuring.reading import ProtocolReading
from lab.outcomes.inferences import Inferences
from lab.outcomes.replay import ReplayedInference
from lab.outcomes.stream import Inferred, PartOutcome
from lab.target import Target
from lab.workload import Workload


def listening(engine: Engine, target: Target, workload: Workload, firmware: Image, mips: int | None = None) -> Board:
    """A booted board in streaming mode. Raises as Board does."""
    return Board(engine, target, workload, firmware, Parameters("stream", workload.input.frames), mips)


class StreamListener:
    """Hears a stream on a board that has just booted, whose core executes `mips` instructions a microsecond."""

    def __init__(self, board: Board, stream: Stream, mips: int) -> None:
        self._board = board
        self._stream = stream
        self._mips = mips
        reading = ProtocolReading(board, stream.from_s, mips)
        self._player = Player(board.machine, board.workload.input.sensor, stream, reading)
        self._statistics = device_log.NOTHING_COUNTED

    def parts(self) -> Iterator[PartOutcome]:
        """What the device made of each part, as soon as it was played.

        Raises DeviceFault, DeviceSilent, FirmwareError and RecordingError, and as the engine does.
        """
        for part in self._stream.parts():
            yield self._heard(part)

    def _heard(self, part: Part) -> PartOutcome:
        machine, workload = self._board.machine, self._board.workload
        seconds = len(part.samples) / workload.input.rate_hz
        logged, began = len(self._player.log), machine.counters()
        inferences = list(self._player.until(part.start_s + seconds))
        ended = machine.counters()
        if part.number == len(self._stream):
            inferences += self._player.rest()
        log = [line.text for line in self._player.log[logged:]]
        self._check_voice(inferences, seconds)
        before, self._statistics = self._statistics, device_log.last(log, Statistics) or self._statistics
        return PartOutcome(
            number=part.number,
            start_s=part.start_s,
            seconds=seconds,
            stimulus=hashlib.sha256(part.samples.tobytes()).hexdigest(),
            events=part.events,
            detected=tuple((found.time_s, found.label, found.score) for one in inferences for found in one.found),
            inferences=len(inferences),
            instructions=ended.instructions - began.instructions,
            cpu_load=self._load(began, ended),
            stack_used=self._statistics.stack_used,
            lost_samples=self._statistics.lost_samples - before.lost_samples,
            late_inferences=self._statistics.late_inferences - before.late_inferences,
            log=tuple(log),
            inferred=tuple(map(self._inferred, inferences)) if workload.task.of_states else (),
            told=Inferences.of(inferences, len(workload.decision.score_names(workload.labels))),
        )

    def _inferred(self, one: ReplayedInference) -> Inferred:
        """An inference at the end of its window.

        A device goes by its signal, so that is known to the frame: the first window ends where it can, the next a
        stride later. Features that wait for something have theirs when the inference begins.
        """
        workload = self._board.workload
        heard, features = workload.input, workload.features
        if features.apart(heard) != features.step_frames(heard):
            return Inferred(one.begin_s, one.label, one.scores)
        stride = workload.decision.stride_steps(workload) * features.step_frames(heard)
        return Inferred((features.frames(heard) + one.number * stride) / heard.rate_hz, one.label, one.scores)

    def _load(self, began: Counters, ended: Counters) -> float:
        """Share of the time in which the core did not sleep."""
        awake_ns = (ended.instructions - began.instructions) / self._mips * 1e3
        return min(1.0, awake_ns / (ended.time_ns - began.time_ns))

    def _check_voice(self, inferences: Sequence[ReplayedInference], seconds: float) -> None:
        """Raises DeviceSilent if inferences that come by time have not come; the last part may be too short for one."""
        workload = self._board.workload
        had_begun = self._statistics is not device_log.NOTHING_COUNTED
        is_short = had_begun and seconds < 2 * workload.decision.stride_ms / 1000
        if inferences or is_short or not workload.features.come_by_time:
            return
        raise DeviceSilent(
            f"The firmware of {workload.name} made no inference in {seconds:g} seconds of signal.",
            remedy="In streaming mode (word 2 of lab_parameters is 0) it has to infer again and again: "
            "docs/device-protocol.md.",
            details=self._board.last_words(),
            code="stream-silent",
        )
