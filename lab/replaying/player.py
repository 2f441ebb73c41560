"""Playing a feed to a board from one boot: it is fed as time passes, and asked for each inference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from lab.engines.machine import Machine
from lab.outcomes.replay import LogLine, ReplayedInference
from lab.replaying.feed import Feed
from lab.replaying.reading import Reading
from lab.signals.signal import Signal
from lab.watching.variable import Variable

OnFed = Callable[[Signal], None]
AtInference = Callable[[ReplayedInference], None]


def ignored(_signal: Signal) -> None:
    """Nobody keeps what is fed."""


STEP_S = 1.0
"""Virtual seconds after which is looked at what the board has made meanwhile."""

_AHEAD_S = 2.0
"""Of the signal wait at the sensor at least, so that it never runs dry."""

_NOTHING_S = 1e-6
"""Virtual time stands on a grid of instructions, so that a run may end that little before its time."""

_AFTER_S, _LONGEST_S = 0.1, 20.0
"""In such steps an inference that had begun at the trace's end is waited for, and for so long."""


class Player:
    """Plays a feed to the sensor of that name of a machine that has just booted. Iterate `inferences` once.

    `log` has the lines that the board has printed so far; `watched` are read at each inference, and `on_fed` gets each
    block that the sensor is given. `at_inference` gets each inference while the machine stands where it was told.
    """

    def __init__(
        self,
        machine: Machine,
        sensor: str,
        feed: Feed,
        reading: Reading,
        watched: Sequence[Variable] = (),
        on_fed: OnFed = ignored,
        at_inference: AtInference | None = None,
    ) -> None:
        self._machine = machine
        self._sensor = sensor
        self._feed = feed
        self._reading = reading
        self._watched = watched
        self._at_inference = at_inference
        reading.pauses = bool(watched) or at_inference is not None
        self._on_fed = on_fed
        self._began_ns = machine.counters().time_ns
        self.log: list[LogLine] = []

    def inferences(self) -> Iterator[ReplayedInference]:
        """Each inference that begins before the feed ends, as soon as it is known.

        Raises RecordingError for a trace that cannot be read on, and as the machine's run does.
        """
        self._machine.take()
        blocks = self._feed.signals()
        fed_s = passed_s = 0.0
        end_s = self._feed.seconds
        while end_s - passed_s > _NOTHING_S and not self._reading.has_stopped:
            while fed_s - passed_s < STEP_S + _AHEAD_S and (block := next(blocks, None)) is not None:
                self._machine.play(block, self._sensor)
                self._on_fed(block)
                fed_s += block.seconds
            yield from map(self._looked_at, self._run(min(STEP_S, end_s - passed_s)))
            passed_s = self._passed_s()
        next(blocks, None)  # the feed knows its hash when it is asked for more
        yield from self._rest()

    def _rest(self) -> Iterator[ReplayedInference]:
        """Inferences that had begun when the feed ended."""
        end_ns = self._began_ns + round(self._feed.seconds * 1e9)
        waited_s = 0.0
        while self._reading.has_begun_by(end_ns) and not self._reading.has_stopped and waited_s < _LONGEST_S:
            told = (one for one in self._run(_AFTER_S) if one.begin_s <= self._feed.to_s)
            yield from map(self._looked_at, told)
            waited_s += _AFTER_S

    def _run(self, seconds: float) -> Iterator[ReplayedInference]:
        stop = self._machine.run(until=self._reading.ends, limit=seconds)
        lines, marks = self._machine.take()
        self.log += [LogLine(self._at(line.time_ns), line.text) for line in lines]
        yield from self._reading.add(lines, marks)
        self._reading.check(stop)

    def _looked_at(self, inference: ReplayedInference) -> ReplayedInference:
        """The machine stands where the inference was told, if anybody looks."""
        if self._at_inference is not None:
            self._at_inference(inference)
        if not self._watched:
            return inference
        return replace(inference, watched=tuple(one.read(self._machine) for one in self._watched))

    def _passed_s(self) -> float:
        return (self._machine.counters().time_ns - self._began_ns) / 1e9

    def _at(self, time_ns: int) -> float:
        return self._feed.from_s + (time_ns - self._began_ns) / 1e9
