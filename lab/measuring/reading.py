"""What a firmware says while it is replayed a trace, as inferences: those that speak the lab's protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from lab.engines.machine import Counters, Mark, Printed, Stop
from lab.measuring import device_log
from lab.measuring.device_log import Detection, Fault, Inference, StartError, Statistics
from lab.measuring.marks import INFERENCE_BEGINS, INFERENCE_ENDED
from lab.measuring.playback import Board
from lab.outcomes.replay import Found, ReplayedInference

Stops = Callable[[int, str, Sequence[int]], bool]
"""Whether a replay ends with the inference of that number, with that label and those scores."""


def to_the_end(_number: int, _label: str, _scores: Sequence[int]) -> bool:
    """It goes on."""
    return False


class Reading(Protocol):
    """How one firmware is read. Times of what it yields count from when the trace began, plus `from_s`.

    While `pauses` is set the run stops at every inference too.
    """

    pauses: bool

    def ends(self, line: str) -> bool:
        """Whether the run stops at that line: the firmware failed, or a replay goes no further. Called once a line."""

    def check(self, stop: Stop) -> None:
        """Raises FirmwareError if the run stopped because the firmware failed."""

    def add(self, lines: Sequence[Printed], marks: Sequence[Mark]) -> Iterator[ReplayedInference]:
        """Inferences that are whole now."""

    def has_begun_by(self, time_ns: int) -> bool:
        """Whether an inference had begun by then that has not been told yet."""

    @property
    def has_stopped(self) -> bool:
        """Whether the inference was told that ends the replay."""


class ProtocolReading:
    """Of a board whose firmware speaks docs/device-protocol.md: a `statistics` line is the last of an inference."""

    def __init__(self, board: Board, from_s: float, mips: int, stops: Stops = to_the_end) -> None:
        self._board = board
        self._from_s = from_s
        self._mips = mips
        self._stops = stops
        self._began = self._last = board.machine.counters()
        self._begins: list[Counters] = []
        self._ends: list[Counters] = []
        self._inference: Inference | None = None
        self._found: list[Detection] = []
        self._before = device_log.NOTHING_COUNTED
        self._number = 0
        self._is_last = False
        self.has_stopped = self.pauses = False

    def ends(self, line: str) -> bool:
        """As `Reading` has it."""
        event = device_log.parse(line)
        if isinstance(event, Inference):
            self._is_last = self._is_last or self._stops(event.n, event.label, event.scores)
        is_told = isinstance(event, Statistics)
        self.has_stopped = self._is_last and is_told
        return self.has_stopped or (self.pauses and is_told) or isinstance(event, Fault | StartError)

    def check(self, stop: Stop) -> None:
        """As `Reading` has it."""
        self._board.check(stop)

    def has_begun_by(self, time_ns: int) -> bool:
        """As `Reading` has it."""
        return bool(self._begins) and self._begins[0].time_ns <= time_ns

    def add(self, lines: Sequence[Printed], marks: Sequence[Mark]) -> Iterator[ReplayedInference]:
        """As `Reading` has it. Raises FirmwareError for an inference without its marks, or with other labels."""
        self._begins += [mark.counters for mark in marks if mark.argument == INFERENCE_BEGINS]
        self._ends += [mark.counters for mark in marks if mark.argument == INFERENCE_ENDED]
        for line in lines:
            event = device_log.parse(line.text)
            if isinstance(event, Inference):
                self._board.check_labels(event)
                self._inference = event
            elif isinstance(event, Detection):
                self._found.append(event)
            elif isinstance(event, Statistics) and self._inference is not None:
                yield self._whole(self._inference, event)

    def _whole(self, told: Inference, statistics: Statistics) -> ReplayedInference:
        if not (self._begins and self._ends):
            raise self._board.marks_missing()
        begin, end = self._begins.pop(0), self._ends.pop(0)
        whole = ReplayedInference(
            number=self._number,
            begin_s=self._at(begin),
            end_s=self._at(end),
            label=told.label,
            scores=told.scores,
            found=tuple(Found(self._at(end), one.label, one.score) for one in self._found),
            samples_crc=told.samples_crc,
            features_crc=told.features_crc,
            instructions=end.instructions - begin.instructions,
            cpu_load=self._load(end),
            lost_samples=statistics.lost_samples - self._before.lost_samples,
            late=statistics.late_inferences > self._before.late_inferences,
        )
        self._inference, self._before, self._last = None, statistics, end
        self._found.clear()
        self._number += 1
        return whole

    def _load(self, end: Counters) -> float:
        awake_ns = (end.instructions - self._last.instructions) / self._mips * 1e3
        return min(1.0, awake_ns / (end.time_ns - self._last.time_ns))

    def _at(self, counters: Counters) -> float:
        return self._from_s + (counters.time_ns - self._began.time_ns) / 1e9
