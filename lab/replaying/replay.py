"""One replay: build the firmware, find its pace, play the trace, and keep what the firmware made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from lab import executing
from lab.engines import selection
from lab.engines.builtin import BuiltinEngine
from lab.errors import LabError
from lab.executing import Gathered
from lab.measuring import pace, second_try, sensing
from lab.measuring.player import OnFed, Player, ignored
from lab.measuring.reading import Stops, to_the_end
from lab.measuring.request import Request
from lab.measuring.run import stand_ins, subject
from lab.measuring.second_try import Told
from lab.measuring.subject import Subject
from lab.measuring.terminal import Terminal
from lab.outcomes.replay import Arrived, LogLine, ReplayedInference, ReplayOutcome
from lab.outcomes.stream import Pace
from lab.replaying.booting import Booted, booted, sensor_of
from lab.replaying.evidence import Evidence
from lab.replaying.feed import Feed
from lab.store import OnStage, silently
from lab.watching import variable

OnInference = Callable[[ReplayedInference], None]
OnBooted = Callable[[Booted], None]


def nothing(_board: Booted) -> None:
    """Nobody wants to know that it begins."""


@dataclass(frozen=True)
class Replayed:
    """What was replayed, and to what. `error` or `interrupted` say why it is not all of the trace.

    `engine` is the name of the emulator.
    """

    outcome: ReplayOutcome
    subject: Subject
    engine: str
    error: LabError | None = None
    interrupted: bool = False


def replay(
    request: Request,
    feed: Feed,
    on_inference: OnInference = lambda _inference: None,
    on_stage: OnStage = silently,
    stops: Stops = to_the_end,
    watch: Sequence[str] = (),
    on_fed: OnFed = ignored,
    evidence: Evidence | None = None,
    arriving: Sequence[Arrived] = (),
    terminal: Terminal | None = None,
    begins: OnBooted = nothing,
    debug: OnBooted | None = None,
) -> Replayed:
    """Replay a feed to the workload's firmware as it runs on and on; `on_inference` gets each as soon as it is known.

    `watch` names variables of the firmware, which are read at each inference. `on_fed` gets each block of the feed,
    which lies ahead of that. `evidence` looks at the device's memory at each inference. `arriving` are bytes that
    arrive at the board's UART; with a `terminal` somebody may talk to the board, which waits there at the end. `begins`
    gets the board before anything is played to it, each time, and then `debug`, where somebody debugs it.

    A device error, a trace that cannot be read on or Ctrl-C ends it early; what was heard until then is kept. Where the
    emulator dies all is played once more, unless somebody talked to the board or debugged it, and nothing is told
    twice. Raises UsageError and InfrastructureError for what cannot start, and FirmwareError for a firmware that does
    not come up.
    """
    check(request)
    firmware = subject(request, on_stage)
    watched = [variable.find(firmware.image.path, text) for text in watch]
    on_stage(f"finding the pace of {request.target.name}")
    found = _pace(request, firmware, feed)
    engine = selection.select(request.engine, request.renode)
    on_stage(f"replaying {feed.seconds:.10g} s")
    inferred, fed = Told(on_inference), Told(on_fed)
    log: list[LogLine] = []
    arrived: list[Arrived] = []

    def play() -> Gathered[ReplayedInference]:
        for told in (inferred, fed):
            told.begin()
        with booted(request, firmware.image, engine, found.mips) as board:
            reading = board.reading(feed.from_s, found.mips, stops)
            look = partial(evidence.look, board.machine, firmware.image) if evidence else None
            player = Player(board.machine, board.sensor, feed, reading, watched, fed, look, arriving, terminal)
            begins(board)
            if debug is not None:
                debug(board)
            heard = executing.gathered(player.inferences(), inferred)
        log[:], arrived[:] = player.log, player.arrived
        return heard

    once = terminal is not None or debug is not None
    heard, again = (play(), ()) if once else second_try.gathered(play)
    notes = (*request.engine_notes, *feed.notes, *again, *stand_ins(request.target), *firmware.notes)
    span = feed.from_s, feed.to_s, feed.stimulus
    outcome = ReplayOutcome(*span, heard.outcomes, tuple(log), found, notes, tuple(arrived))
    return Replayed(outcome, firmware, engine.name, heard.error, heard.interrupted)


def check(request: Request) -> None:
    """Raises UsageError for a workload that the board's sensor, firmware or recorder is not for."""
    sensing.check(request)
    BuiltinEngine().check_tables(request.target)
    sensor_of(request)
    if request.recorder is not None:
        request.recorder.bytes(request.target)
        request.recorder.lowest(request.workload)


def _pace(request: Request, firmware: Subject, feed: Feed) -> Pace:
    """By the built-in engine, because no other counts cycles."""
    beginning = next(feed.signals(round(pace.TRIAL_S * request.workload.input.rate_hz)))
    with booted(request, firmware.image, selection.select("builtin")) as board:
        return pace.modelled(board.machine, board.sensor, beginning, request.target, firmware.waits)
