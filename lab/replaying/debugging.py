"""GDB in a replay: the board stands where an inference begins, with what the sensor delivers waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lab.debugging.gdb import Gdb
from lab.engines.debuggable import Halt, Probe, Resume, Why
from lab.errors import UsageError
from lab.measuring.request import Request
from lab.replaying import conditions
from lab.replaying.booting import Booted
from lab.replaying.wanted import Prepared
from lab.store import OnStage

_ARGUMENT = {"cortex-m": "r0", "riscv": "a0"}


def check(request: Request) -> None:
    """Raises UsageError for a replay that GDB cannot look into."""
    brought = request.brought
    if brought is not None and brought.adapter.measure is None:
        raise UsageError(
            f"{brought.adapter.file}: nothing says where an inference of {brought.file.name} begins.",
            remedy="Name the function in [measure], or use `lab debug` and a breakpoint: docs/own-firmware.md.",
        )


def number(condition: str, prepared: Prepared, on_stage: OnStage) -> int:
    """Of the first inference that meets a condition: by its number, or by replaying the trace once to find it.

    Raises UsageError for what is no condition, what no inference meets, and what `--until` ends the replay before;
    and what the replay fails with.
    """
    named = conditions.number(condition)
    if named is not None:
        return named
    until = prepared.wanted.until
    first = replace(prepared.wanted, until=condition, expect=(), expect_none=(), watch=()).prepared()
    on_stage(f"replaying once to find the inference that meets {condition!r}")
    _, replayed = first.run(lambda _one: None, on_stage)
    if replayed.error is not None:
        raise replayed.error
    if replayed.interrupted:
        raise KeyboardInterrupt
    told = replayed.outcome.inferences
    for one in told:
        said = one.number, one.label, one.scores
        if first.stops(*said):
            return one.number
        if prepared.stops(*said):
            raise conditions.too_early(until, condition)
    raise conditions.unmet("--debug-at", condition, len(told))


class AtInference:
    """A debugger that is GDB from the beginning of the inference of that number on, and nobody before.

    `on_arrival` is called when the board stands there.
    """

    def __init__(self, gdb: Gdb, number: int, on_arrival: Callable[[Booted], None]) -> None:
        self._gdb = gdb
        self._left = number
        self._on_arrival = on_arrival
        self.has_arrived = False

    def attach(self, board: Booted) -> None:
        """Wait on this board."""
        if board.inference is None:
            raise RuntimeError("`check` refuses a request that does not say where an inference begins.")
        self._board, self._inference = board, board.inference
        self._probe: Probe = board.machine.debug(self)
        self._gdb.attach(self._probe)
        self._probe.break_at(board.inference.address, True)

    def wants_halt(self) -> bool:
        """As `Debugger` has it, and so are the others."""
        return self.has_arrived and self._gdb.wants_halt()

    def attend(self, halt: Halt, check: Callable[[], None]) -> Resume:
        """Count inferences up to the one in question."""
        if self.has_arrived:
            return self._gdb.attend(halt, check)
        if halt.why is not Why.BREAKPOINT or not self._begins():
            return Resume.GO_ON
        if self._left:
            self._left -= 1
            return Resume.GO_ON
        self.has_arrived = True
        self._probe.break_at(self._inference.address, False)
        self._on_arrival(self._board)
        return self._gdb.attend(Halt(Why.ASKED), check)

    def hear(self, line: str) -> None:
        """Lines from there on."""
        if self.has_arrived:
            self._gdb.hear(line)

    def _begins(self) -> bool:
        wanted = self._inference.argument
        return wanted is None or self._probe.register(_ARGUMENT[self._probe.core]) == wanted
