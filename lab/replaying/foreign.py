"""What a firmware says of a trace that does not speak the lab's protocol: each line that its adapter knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lab.engines.machine import Counters, Mark, Printed, Stop
from lab.measuring.foreign.board import ForeignBoard
from lab.measuring.reading import Stops, to_the_end
from lab.outcomes.replay import Found, ReplayedInference


class ForeignReading:
    """Of a board with a firmware of somebody else's. An inference is a line that `result` of its adapter finds.

    It ends when the line was printed, and begins where the function of `[measure]` was entered last before, if there
    is one. What such a line reports is a detection.
    """

    def __init__(self, board: ForeignBoard, from_s: float, stops: Stops = to_the_end) -> None:
        self._board = board
        self._from_s = from_s
        self._stops = stops
        self._began = board.machine.counters()
        self._spans: list[tuple[Counters, Counters]] = []
        self._begin: Counters | None = None
        self._number = self._told = 0
        self.has_stopped = self.pauses = False

    def ends(self, line: str) -> bool:
        """As `Reading` has it."""
        if self._board.says_fault(line):
            return True
        answer = self._board.answer(line)
        if answer is not None:
            self.has_stopped = self._stops(self._told, answer.label, answer.scores)
            self._told += 1
        return self.has_stopped or (self.pauses and answer is not None)

    def check(self, stop: Stop) -> None:
        """As `Reading` has it."""
        self._board.check(stop)

    def has_begun_by(self, time_ns: int) -> bool:
        """As `Reading` has it; where nothing is measured, nobody knows."""
        begin = self._spans[0][0] if self._spans else self._begin
        return begin is not None and begin.time_ns <= time_ns

    def add(self, lines: Sequence[Printed], marks: Sequence[Mark]) -> Iterator[ReplayedInference]:
        """As `Reading` has it. Raises ConfigurationError for a line whose label or scores nobody knows."""
        for mark in marks:
            if mark.symbol == self._board.BEGIN:
                self._begin = self._begin or mark.counters
            elif mark.symbol == self._board.END and self._begin is not None:
                self._spans.append((self._begin, mark.counters))
                self._begin = None
        for line in lines:
            answer = self._board.answer(line.text)
            if answer is None:
                continue
            end_s = self._at(line.time_ns)
            before = [span for span in self._spans if span[1].time_ns <= line.time_ns]
            del self._spans[: len(before)]
            begin, ended = before[-1] if before else (None, None)
            yield ReplayedInference(
                number=self._number,
                begin_s=end_s if begin is None else self._at(begin.time_ns),
                end_s=end_s,
                label=answer.label,
                scores=answer.scores,
                found=(Found(end_s, answer.label, max(answer.scores, default=0)),),
                instructions=None if begin is None or ended is None else ended.instructions - begin.instructions,
            )
            self._number += 1

    def _at(self, time_ns: int) -> float:
        return self._from_s + (time_ns - self._began.time_ns) / 1e9
