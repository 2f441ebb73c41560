"""How fast virtual time has to pass so that a stream takes the core as long as it would on the board.

An emulator executes so many instructions a microsecond, whichever they are. A real core needs some cycles for each;
how many on average, the cost model says of this very firmware (docs/decisions/0012-streams-at-the-modelled-pace.md).
"""

from __future__ import annotations

from math import floor

from lab.composing.stream import Part
from lab.engines.builtin import BuiltinEngine
from lab.measuring.playback import Board
from lab.outcomes.stream import Pace
from lab.target import Target

TRIAL_S = 3.0
"""Of the first part are played to find the ratio: some inferences, and the features between them."""


def modelled(board: Board, target: Target, part: Part, rate_hz: int) -> Pace:
    """The pace of a firmware on a board of the built-in engine that listens, from the beginning of a part.

    Raises as the board's run does.
    """
    seconds = min(TRIAL_S, len(part.samples) / rate_hz)
    board.restart(part.samples)
    began = board.machine.counters()
    board.run_for(seconds)
    ended = board.machine.counters()
    assert began.cycles is not None and ended.cycles is not None  # noqa: S101, PT018 - the built-in engine counts them
    clock_mhz = target.core.clock_hz / 1e6
    ratio = (ended.cycles - began.cycles) / (ended.instructions - began.instructions)
    return Pace(max(1, floor(clock_mhz / ratio)), clock_mhz, ratio, BuiltinEngine().cost_model(target))
