"""A replay that is asked for: a trace, a firmware, and what is expected of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path

from lab import traces
from lab.asked import Asked
from lab.building.recorder import Recorder
from lab.measuring.player import OnFed, ignored
from lab.measuring.reading import Stops, to_the_end
from lab.measuring.request import Request
from lab.measuring.terminal import Terminal
from lab.outcomes.replay import Arrived
from lab.replaying import conditions, expectations
from lab.replaying.choosing import choose
from lab.replaying.evidence import Evidence
from lab.replaying.expectations import Expected
from lab.replaying.feed import Feed, Timing
from lab.replaying.judging import judged
from lab.replaying.replay import OnBooted, OnInference, Replayed, check, nothing, replay
from lab.replaying.result import ReplayResult
from lab.store import OnStage
from lab.traces.trace import Trace


@dataclass(frozen=True)
class Wanted:
    """`expect` and `expect_none` are texts as `lab.replaying.expectations` reads them, `until` as
    `lab.replaying.conditions` does, "" for the end of the trace; `signal` is a name or "", and `watch` are
    names of variables. `recorder` is the flight recorder that the firmware is built with, None for none."""

    trace: Path
    asked: Asked
    expect: tuple[str, ...] = ()
    expect_none: tuple[str, ...] = ()
    from_s: float = 0.0
    to_s: float | None = None
    timing: Timing = "recorded"
    signal: str = ""
    until: str = ""
    watch: tuple[str, ...] = ()
    recorder: Recorder | None = None

    def prepared(self) -> Prepared:
        """The same with everything found that it names. Raises UsageError, RecordingError and ToolMissing."""
        request = replace(self.asked.but(mode="stream").request(), recorder=self.recorder)
        workload = request.workload
        check(request)
        expected = (
            *(expectations.event(text, workload.labels) for text in self.expect),
            *(expectations.nothing(text) for text in self.expect_none),
        )
        trace = traces.read(self.trace)
        chosen = choose(self.trace, trace, workload.input, self.signal)
        feed = Feed(chosen, workload.input, self.timing, self.from_s, self.to_s)
        expectations.check_within(expected, feed.from_s, feed.to_s)
        stops = conditions.parsed(self.until, workload) if self.until else to_the_end
        return Prepared(self, request, trace, feed, expected, stops)


@dataclass(frozen=True)
class Prepared:
    """A replay that can begin."""

    wanted: Wanted
    request: Request
    trace: Trace
    feed: Feed
    expected: tuple[Expected, ...]
    stops: Stops

    def run(
        self,
        on_inference: OnInference,
        on_stage: OnStage,
        on_fed: OnFed = ignored,
        evidence: Evidence | None = None,
        terminal: Terminal | None = None,
        begins: OnBooted = nothing,
        debug: OnBooted | None = None,
    ) -> tuple[ReplayResult, Replayed]:
        """Replay it. Raises as `lab.replaying.replay.replay`."""
        began = time.monotonic()
        replayed = replay(
            self.request,
            self.feed,
            on_inference,
            on_stage,
            self.stops,
            self.wanted.watch,
            on_fed,
            evidence,
            self._arriving(),
            terminal,
            begins,
            debug,
        )
        seconds = time.monotonic() - began
        options = self.wanted.asked.options
        name = self.wanted.trace.name
        result = judged(replayed, self.request, name, self.expected, options=options, host_seconds=seconds)
        return result.model_copy(update={"watched": self.wanted.watch, "until": self.wanted.until}), replayed

    def _arriving(self) -> list[Arrived]:
        """Bytes that the board's UART receives in the part that is replayed, the first of several UARTs."""
        feed = self.feed
        of_first = [one for one in self.trace.received if one.channel == 0 and one.data]
        timed = sorted(((feed.when(one.time_s), one.data.hex()) for one in of_first), key=itemgetter(0))
        return [Arrived(*one) for one in timed if feed.from_s <= one[0] < feed.to_s]
