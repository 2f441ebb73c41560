"""Playing a feed to a board from one boot: it is fed as time passes, and asked for each inference."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from lab.engines.machine import Machine, Printed, Serial
from lab.errors import FirmwareError
from lab.measuring.reading import Reading
from lab.measuring.terminal import Terminal
from lab.outcomes.replay import Arrived, LogLine, ReplayedInference
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


_ANSWER_S = 0.5
"""A board that has printed nothing for so long has answered."""

_OFTEN_S = 0.05
"""In such steps it is played to a board whose serial port somebody has."""

_LAST_WORDS_S = 1.0
"""After a line that says that the firmware failed: what else it has to say, a dump of what it heard say."""


class Fed(Protocol):
    """What is played: blocks of a sensor's signal, from one second of a trace to another."""

    @property
    def from_s(self) -> float:
        """Where it begins."""

    @property
    def to_s(self) -> float:
        """Where it ends."""

    @property
    def seconds(self) -> float:
        """How long it is."""

    def signals(self) -> Iterator[Signal]:
        """Block by block. Raises RecordingError for what cannot be read on."""


class Player:
    """Plays a feed to the sensor of that name of a machine that has just booted. Iterate `inferences` once.

    `log` has the lines that the board has printed so far; `watched` are read at each inference, and `on_fed` gets each
    block that the sensor is given. `at_inference` gets each inference while the machine stands where it was told.
    `arriving` are bytes that arrive at its UART meanwhile, in order of time; so do those of whoever has opened the
    `terminal`, to whom it prints. `arrived` is all that did.
    """

    def __init__(
        self,
        machine: Machine,
        sensor: str,
        feed: Fed,
        reading: Reading,
        watched: Sequence[Variable] = (),
        on_fed: OnFed = ignored,
        at_inference: AtInference | None = None,
        arriving: Sequence[Arrived] = (),
        terminal: Terminal | None = None,
    ) -> None:
        self._machine = machine
        self._arriving = deque(arriving)
        self._terminal = terminal
        self._sensor = sensor
        self._feed = feed
        self._blocks = feed.signals()
        self._fed_s = 0.0
        self._reading = reading
        self._watched = watched
        self._at_inference = at_inference
        reading.pauses = bool(watched) or at_inference is not None
        self._on_fed = on_fed
        self._began_ns = machine.counters().time_ns
        self.log: list[LogLine] = []
        self.arrived: list[Arrived] = []
        machine.take()

    def inferences(self) -> Iterator[ReplayedInference]:
        """Each inference that begins before the feed ends, as soon as it is known.

        Raises RecordingError for a trace that cannot be read on, and as the machine's run does.
        """
        yield from self.until(self._feed.seconds)
        yield from self.rest()
        if self._terminal is not None:
            self._converse(self._terminal)

    def until(self, end_s: float) -> Iterator[ReplayedInference]:
        """Each that is known when so many seconds of the feed have passed. Raises as `inferences`."""
        passed_s = self._passed_s()
        while end_s - passed_s > _NOTHING_S and not self._reading.has_stopped:
            self._feed_ahead(passed_s)
            self._send(passed_s)
            step_s = STEP_S if self._terminal is None else _OFTEN_S
            yield from map(self._looked_at, self._run(min(step_s, self._until_next(passed_s, end_s))))
            passed_s = self._passed_s()

    def rest(self) -> Iterator[ReplayedInference]:
        """When all of the feed has passed: inferences that had begun before."""
        next(self._blocks, None)  # a feed knows its hash when it is asked for more
        end_ns = self._began_ns + round(self._feed.seconds * 1e9)
        waited_s = 0.0
        while self._reading.has_begun_by(end_ns) and not self._reading.has_stopped and waited_s < _LONGEST_S:
            told = (one for one in self._run(_AFTER_S) if one.begin_s <= self._feed.to_s)
            yield from map(self._looked_at, told)
            waited_s += _AFTER_S

    def _feed_ahead(self, passed_s: float) -> None:
        while self._fed_s - passed_s < STEP_S + _AHEAD_S and (block := next(self._blocks, None)) is not None:
            self._machine.play(block, self._sensor)
            self._on_fed(block)
            self._fed_s += block.seconds

    def _until_next(self, passed_s: float, end_s: float) -> float:
        """Seconds until bytes arrive at the UART, or the feed ends."""
        next_s = self._due_s(self._arriving[0]) if self._arriving else end_s
        return min(next_s, end_s) - passed_s

    def _due_s(self, one: Arrived) -> float:
        return one.time_s - self._feed.from_s

    def _send(self, passed_s: float) -> None:
        """What arrives at the UART by now."""
        while self._arriving and self._due_s(self._arriving[0]) - passed_s <= _NOTHING_S:
            self._to_uart(self._arriving.popleft().data)
        if self._terminal is not None:
            self._to_uart(self._terminal.read())

    def _to_uart(self, data: bytes, *, behind: bool = False) -> None:
        if data and isinstance(self._machine, Serial):
            self._machine.receive(data)
            self.arrived.append(Arrived(self._feed.from_s + self._passed_s(), data.hex(), behind))

    def _converse(self, terminal: Terminal) -> None:
        """Time stands still at the end of the feed, but for what the board answers, until somebody has hung up."""
        while data := terminal.wait():
            self._to_uart(data, behind=True)
            waited_s, told = 0.0, -1
            while len(self.log) > told and waited_s < _LONGEST_S:
                told = len(self.log)
                for _ in self._run(_ANSWER_S):
                    pass
                waited_s += _ANSWER_S

    def _run(self, seconds: float) -> Iterator[ReplayedInference]:
        stop = self._machine.run(until=self._reading.ends, limit=seconds)
        lines, marks = self._machine.take()
        self._note(lines)
        yield from self._reading.add(lines, marks)
        try:
            self._reading.check(stop)
        except FirmwareError:
            self._machine.run(limit=_LAST_WORDS_S)
            self._note(self._machine.take()[0])
            raise

    def _note(self, lines: Sequence[Printed]) -> None:
        self.log += [LogLine(self._at(line.time_ns), line.text) for line in lines]
        if self._terminal is not None:
            self._terminal.write("".join(f"{line.text}\r\n" for line in lines))

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
