"""How fast virtual time has to pass so that a stream takes the core as long as it would on the board.

An emulator executes so many instructions a microsecond, whichever they are. A real core needs some cycles for each;
how many on average, the cost model says of this very firmware (docs/decisions/0012-streams-at-the-modelled-pace.md).
"""

from __future__ import annotations

from math import floor

from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.memories import Waits
from lab.engines.machine import Machine
from lab.measuring import waiting
from lab.outcomes.stream import Pace
from lab.signals.signal import Signal
from lab.target import Target

TRIAL_S = 3.0
"""Of what it is played to find the ratio: some inferences, and the features between them."""


def modelled(machine: Machine, sensor: str, beginning: Signal, target: Target, waits: Waits) -> Pace:
    """The pace of a firmware that listens on a machine of the built-in engine, from the beginning of what it is played.

    Raises as the machine's run does.
    """
    waiting.charge(machine, waits)
    machine.play(beginning, sensor)
    began = machine.counters()
    machine.run(limit=min(TRIAL_S, beginning.seconds))
    ended = machine.counters()
    assert began.cycles is not None and ended.cycles is not None  # noqa: S101, PT018 - the built-in engine counts them
    clock_mhz = target.core.clock_hz / 1e6
    ratio = (ended.cycles - began.cycles) / (ended.instructions - began.instructions)
    return Pace(max(1, floor(clock_mhz / ratio)), clock_mhz, ratio, BuiltinEngine().cost_model(target))
