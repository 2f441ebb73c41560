"""What every engine offers. An engine makes machines; a machine is one emulated board.

Virtual time counts from reset, in seconds where a caller sets it and in integer nanoseconds where it is read.
Nothing here waits on host time, save for the watchdog that each engine keeps for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from lab.engines.debuggable import Debugger, Probe
from lab.image import Image
from lab.signals.signal import Signal
from lab.target import Target


@dataclass(frozen=True)
class Counters:
    """Readings since reset: instructions exact, cycles by the target's cost model (None where not counted)."""

    instructions: int
    cycles: int | None
    time_ns: int

    def cycles_since(self, before: Counters) -> int | None:
        """Cycles that passed since an earlier reading; None where they are not counted."""
        return None if self.cycles is None or before.cycles is None else self.cycles - before.cycles


@dataclass(frozen=True)
class Mark:
    """Execution reached the first instruction of a watched function; `argument` is its first argument register."""

    symbol: str
    argument: int
    counters: Counters


@dataclass(frozen=True)
class Printed:
    """A complete line of the device, without its end; its last byte was sent in the block that began at `time_ns`."""

    text: str
    time_ns: int


def line_of(sent: bytes) -> str:
    """A line as a terminal shows it, whatever bytes it has: without its end and without NUL bytes.

    Some UARTs send one as they start, such as that of Arduino's core for the nRF52840.
    """
    return sent.rstrip(b"\r").replace(b"\0", b"").decode("utf-8", "replace")


@dataclass(frozen=True)
class Stop:
    """Why `run` returned: the awaited `line`, or None when the time limit came first."""

    line: str | None


class Snapshot(Protocol):
    """The whole state of a machine; only the machine that made it can restore it."""


class Machine(Protocol):
    """One board with its firmware. Close it, or use it as a context manager."""

    def load(self, firmware: Image) -> None:
        """Put the image in memory and reset. Raises DeviceFault if a segment has no memory behind it."""

    def watch(self, symbol: str, address: int | None = None) -> None:
        """Record a Mark each time execution reaches `symbol`. Raises ConfigurationError if there is none.

        With `address`, where a basic block must begin, `symbol` is what its marks are called.
        """

    def play(self, signal: Signal, into: str) -> None:
        """Let the sensor of that name in `target.toml` deliver a signal, after those played before.

        Raises ConfigurationError if there is no such sensor.
        """

    def run(self, *, until: Callable[[str], bool] | None = None, limit: float) -> Stop:
        """Run until a device line satisfies `until`, or until `limit` virtual seconds from now have passed.

        Raises DeviceFault on a lock-up or an access to nothing, EngineError when the host watchdog ends it.
        """

    def debug(self, debugger: Debugger) -> Probe:
        """Ask this debugger from the next run on."""

    def read(self, address: int, size: int) -> bytes:
        """Memory as the core sees it, without side effects on devices."""

    def write(self, address: int, data: bytes) -> None:
        """Write memory, flash included."""

    def counters(self) -> Counters:
        """Readings now."""

    def lines(self) -> list[str]:
        """Every complete line the device has printed since reset, without line ends."""

    def marks(self) -> list[Mark]:
        """Every Mark since reset (or since the restored snapshot was taken), oldest first."""

    def take(self) -> tuple[list[Printed], list[Mark]]:
        """Lines and marks since the last call, oldest first; the machine forgets them.

        A run of hours needs no memory for them then. `lines` goes on with the last ten, for errors to show.
        """

    def trace(self) -> str:
        """Where the core is and how it got there: PC, symbol, source line and the last 64 basic blocks, newest last."""

    def snapshot(self) -> Snapshot:
        """Keep the whole state: core, memories, devices, virtual time, lines and marks."""

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a kept state, bit for bit."""

    def close(self) -> None:
        """Free everything; the machine is of no use afterwards."""


@runtime_checkable
class Serial(Protocol):
    """A machine whose UART takes bytes too."""

    def receive(self, data: bytes) -> None:
        """Let bytes arrive at the UART now, one after the other, without taking virtual time.

        Raises ConfigurationError if its model takes none.
        """


class Engine(Protocol):
    """Makes machines for a target. `version` is what the emulator behind it calls itself, such as `1.17.0`."""

    name: str
    version: str
    cores_per_machine: int
    """Cores of the host that one running machine keeps busy."""

    def machine(self, target: Target, mips: int | None = None) -> Machine:
        """A fresh board. Raises ConfigurationError for a platform description the engine cannot follow.

        `mips` is how many instructions its core executes in a microsecond, None as many as its description says.
        """

    def foreign(self, target: Target, mips: int | None, port: str | None, missed: Callable[[str], None]) -> Machine:
        """A board for a firmware that others built: registers of the chip that have no model keep what is written.

        `missed` is told of each, in words, as often as firmware goes there. Lines are those that the device of the name
        `port` sends, None for the board's UART. Raises as `machine`, and ConfigurationError for a port that it lacks.
        """

    def cost_model(self, target: Target) -> str | None:
        """Name of the model behind the cycles that its machines count, None if they count none."""

    def cycle_ratios(self, target: Target) -> tuple[float, float] | None:
        """How many cycles boards took for one of these, the fewest and the most; None if that is not known."""

    def cycle_error(self, target: Target) -> str | None:
        """What is known of those cycles' error, as the end of a sentence; None if they count none."""
