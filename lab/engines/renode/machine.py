"""One emulated board in a Renode of its own: the machine protocol, by replay from reset.

Renode runs in slices of virtual time, and its own snapshots are slower than a boot. So this machine knows its history
(memory written, samples queued, each with its time), and goes back by resetting and doing the same again, which gives
the same to the instruction. A run that is to stop at a line goes on to the end of its slice; what was printed or
reached behind the line is kept back until the run is continued.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from lab.engines.debuggable import Debugger, Probe
from lab.engines.machine import Counters, Mark, Printed, Snapshot, Stop
from lab.engines.renode.session import Line, Reached, Session
from lab.engines.renode.settings import QUANTUM_NS
from lab.engines.renode.trouble import Aborted, Gone, Refused, Restarted, Silent, Trouble
from lab.errors import REPORT, ConfigurationError, DeviceFault, EngineDied, EngineError, LabError, did_you_mean
from lab.image import Image
from lab.signals.signal import Signal
from lab.target import Target

_SLICE_NS = 1_000 * QUANTUM_NS
_LAST_LINES = 10


@dataclass(frozen=True)
class _Written:
    """Memory written."""

    time_ns: int
    address: int
    data: bytes


@dataclass(frozen=True)
class _Queued:
    """A signal queued at a sensor."""

    time_ns: int
    device: str
    signal: Signal


@dataclass(frozen=True)
class _Received:
    """Bytes that arrived at the UART."""

    time_ns: int
    data: bytes


_Deed = _Written | _Queued | _Received


@dataclass(frozen=True)
class _Position:
    """How far the machine is for whoever uses it: at a line, or at a time.

    `lines` and `marks` of what Renode reported are before it. `time_ns` is a time to which Renode can be brought
    without going past it. `counters` are exact; None as long as nobody has asked for those at a line.
    """

    lines: int
    marks: int
    time_ns: int
    counters: Counters | None


_AT_RESET = Counters(0, None, 0)
_RESET = _Position(0, 0, 0, _AT_RESET)


@dataclass(frozen=True)
class RenodeSnapshot:
    """How to come back to a position."""

    history: tuple[_Deed, ...]
    lines: tuple[Line, ...]
    reached: tuple[Reached, ...]
    position: _Position


class RenodeMachine:
    """The machine protocol of `lab.engines.machine` on Renode.

    `start` makes a session; the machine makes another one after the first was lost. `read` gives memory at the end of
    the slice in which the last run stopped. The counters count no cycles.
    """

    def __init__(self, start: Callable[[], Session], target: Target) -> None:
        self._start = start
        self._target = target
        self._firmware: Image | None = None
        self._watched: dict[int, str] = {}
        self._session: Session | None = None
        self._history: list[_Deed] = []
        self._lines: list[Line] = []
        self._reached: list[Reached] = []
        self._position = self._restored = self._taken = _RESET
        self._live = _AT_RESET
        """Where the board in Renode is: at the position or behind it, unless it has to be brought there again."""
        self._rewound = True
        self._lines_again = self._reached_again = 0
        self._pc = 0
        self._last_words = ""

    def __enter__(self) -> RenodeMachine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(self, firmware: Image) -> None:
        """Put the image in memory and reset."""
        self._firmware = firmware
        self._watched.clear()
        self._history.clear()
        self._position = self._restored = self._taken = _RESET
        self._rewind()
        with self._translated():
            if self._session is not None:
                self._session.load(firmware)
            self._catch_up()

    def watch(self, symbol: str, address: int | None = None) -> None:
        """Record a Mark each time execution reaches `symbol`, or the basic block at `address`."""
        if address is None:
            address = self._loaded().symbol(symbol).address
        self._watched[address] = symbol
        with self._translated():
            self._catch_up().watch(address)

    def play(self, signal: Signal, into: str) -> None:
        """Let the sensor of that name in `target.toml` deliver a signal, after those played before."""
        sensors = self._target.sensors
        if into not in sensors:
            raise ConfigurationError(
                f"The board has no sensor named {into!r}.{did_you_mean(into, sensors)}",
                remedy=f"Sensors in target.toml: {', '.join(sorted(sensors)) or 'none'}.",
                code="no-such-sensor",
            )
        self._do(_Queued(self._position.time_ns, sensors[into].device, signal))

    def receive(self, data: bytes) -> None:
        """Let bytes arrive at the UART now."""
        self._do(_Received(self._position.time_ns, data))

    def debug(self, debugger: Debugger) -> Probe:
        """Ask this debugger from the next run on."""
        with self._translated():
            return self._catch_up().debug(debugger)

    def run(self, *, until: Callable[[str], bool] | None = None, limit: float) -> Stop:
        """Run until a device line satisfies `until`, or until `limit` virtual seconds from now have passed.

        Raises DeviceFault where the core gives up, EngineDied where Renode does, EngineError when the host watchdog
        ends it.
        """
        end_ns = self._now_ns() + round(limit * 1e9)
        if self._live.time_ns > end_ns:
            self._rewind()
        with self._translated(limit):
            session = self._catch_up()
            while True:
                line = self._find_line(until)
                if line is not None or self._position.time_ns >= end_ns:
                    return Stop(line)
                self._advance(session, end_ns)

    def read(self, address: int, size: int) -> bytes:
        """Memory as the core sees it, without side effects on devices."""
        with self._translated():
            return self._catch_up().read(address, size)

    def write(self, address: int, data: bytes) -> None:
        """Write memory, flash included."""
        self._do(_Written(self._position.time_ns, address, data))

    def counters(self) -> Counters:
        """Readings now; at a line, those of the first block that begins behind it."""
        counters = self._position.counters
        if counters is None:
            with self._translated():
                counters = self._counters_behind(self._lines[self._position.lines - 1])
            self._position = replace(self._position, counters=counters)
        return counters

    def lines(self) -> list[str]:
        """Every complete line the device has printed since reset, without line ends."""
        return [line.text for line in self._lines[: self._position.lines]]

    def marks(self) -> list[Mark]:
        """Every Mark since reset (or since the restored snapshot was taken), oldest first."""
        return self._marks_since(self._restored)

    def take(self) -> tuple[list[Printed], list[Mark]]:
        """Lines and marks since the last call, oldest first. They are kept, to be held against a second run."""
        lines = [Printed(line.text, line.time_ns) for line in self._lines[self._taken.lines : self._position.lines]]
        marks = self._marks_since(self._taken)
        self._taken = self._position
        return lines, marks

    def snapshot(self) -> RenodeSnapshot:
        """Keep the way to this position."""
        self.counters()
        position = self._position
        return RenodeSnapshot(
            tuple(self._history),
            tuple(self._lines[: position.lines]),
            tuple(self._reached[: position.marks]),
            position,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a kept position; Renode is brought there by the next call that needs it."""
        if not isinstance(snapshot, RenodeSnapshot):
            raise TypeError(f"{type(snapshot).__name__} is not a snapshot of this machine.")
        self._history = list(snapshot.history)
        self._lines = list(snapshot.lines)
        self._reached = list(snapshot.reached)
        self._position = self._restored = self._taken = snapshot.position
        self._rewound = True

    def trace(self) -> str:
        """Where the core stands, the last lines of the device, and Renode's own last lines. Renode keeps no blocks."""
        words = self._session.process.last_words() if self._session else self._last_words
        parts = [f"Stopped {self._here()}."]
        lines = self.lines()[-_LAST_LINES:]
        if lines:
            parts += ["Last lines of the device:", *(f"  {line}" for line in lines)]
        return "\n".join([*parts, words] if words else parts)

    def close(self) -> None:
        """End Renode; the machine is of no use afterwards."""
        if self._session is not None:
            self._session.end()
            self._session = None

    def _loaded(self) -> Image:
        if self._firmware is None:
            raise RuntimeError("No firmware is loaded.")
        return self._firmware

    def _here(self) -> str:
        firmware = self._loaded()
        line = firmware.line_at(self._pc)
        return f"at {self._pc:#010x} {firmware.function_at(self._pc)}" + (f" ({line})" if line else "")

    def _marks_since(self, position: _Position) -> list[Mark]:
        return [
            Mark(self._watched[one.address], one.argument, Counters(one.instructions, None, one.time_ns))
            for one in self._reached[position.marks : self._position.marks]
        ]

    # Where the machine is, and where Renode is

    def _now_ns(self) -> int:
        """The time of the position; that of its line where the exact one is not known."""
        if self._position.counters is not None:
            return self._position.counters.time_ns
        return self._lines[self._position.lines - 1].time_ns

    def _find_line(self, until: Callable[[str], bool] | None) -> str | None:
        """Move on to the line that satisfies `until`, or to where Renode is if there is none."""
        for index in range(self._position.lines, len(self._lines)):
            line = self._lines[index]
            if until is not None and until(line.text):
                marks = sum(one.instructions <= line.instructions for one in self._reached)
                before = line.time_ns // QUANTUM_NS * QUANTUM_NS
                self._position = _Position(index + 1, marks, before, None)
                return line.text
        self._position = _Position(len(self._lines), len(self._reached), self._live.time_ns, self._live)
        return None

    def _do(self, deed: _Deed) -> None:
        """Something that changes what comes, at the position: Renode is brought back to it if it is past."""
        if self._live.time_ns > deed.time_ns:
            self._rewind()
        with self._translated():
            self._perform(self._catch_up(), deed)
        self._history.append(deed)

    def _perform(self, session: Session, deed: _Deed) -> None:
        if isinstance(deed, _Written):
            session.write(deed.address, deed.data)
        elif isinstance(deed, _Received):
            session.receive(deed.data)
        else:
            session.feed(deed.device, deed.signal)

    def _rewind(self) -> None:
        """Forget what Renode reported from behind the position: it will be brought there again."""
        self._rewound = True
        del self._lines[self._position.lines :]
        del self._reached[self._position.marks :]

    def _catch_up(self) -> Session:
        """Renode at the position, or behind it if it has been there: from reset, doing all again, if it is not."""
        if self._session is None:
            self._session = self._start()
            self._session.load(self._loaded())
            for address in self._watched:
                self._session.watch(address)
        if self._rewound:
            self._session.reset()
            self._rewound = False
            self._live = _AT_RESET
            self._lines_again = self._reached_again = 0
            for deed in self._history:
                self._run_to(self._session, deed.time_ns)
                self._perform(self._session, deed)
            self._run_to(self._session, self._position.time_ns)
        return self._session

    def _run_to(self, session: Session, time_ns: int) -> None:
        while self._live.time_ns < time_ns:
            self._advance(session, time_ns)

    def _advance(self, session: Session, end_ns: int) -> None:
        """One slice: to the next multiple of its length, or to `end_ns`."""
        now = self._live.time_ns
        report = session.run(min(end_ns, (now // _SLICE_NS + 1) * _SLICE_NS) - now)
        self._live = Counters(report.instructions, None, report.time_ns)
        self._pc = report.pc
        self._lines_again = _join(self._lines, report.lines, self._lines_again)
        self._reached_again = _join(self._reached, report.reached, self._reached_again)
        if report.was_reset:
            self._position = _Position(len(self._lines), len(self._reached), now, self._live)
            raise Restarted("had its board reset by the firmware")

    def _counters_behind(self, line: Line) -> Counters:
        """Those of the first block that begins behind a line: found by running up to it once more."""
        self._rewind()
        found = self._catch_up().block_after(line.instructions, 2 * QUANTUM_NS)
        self._rewind()
        instructions, time_ns = found or (line.instructions, line.time_ns)
        return Counters(instructions, None, time_ns)

    # What trouble means

    @contextmanager
    def _translated(self, limit: float | None = None) -> Iterator[None]:
        """Trouble with Renode as an error; whatever cuts an exchange short leaves no session behind."""
        try:
            yield
        except LabError:
            raise
        except BaseException as reason:
            if isinstance(reason, Silent) and self._session is not None:
                self._pc = self._session.where() or self._pc
            self._last_words = self._session.process.last_words() if self._session else ""
            self.close()
            self._rewind()
            if not isinstance(reason, Trouble):
                raise
            self._last_words = self._last_words or reason.last_words
            raise self._error(reason, limit) from None

    def _error(self, trouble: Trouble, limit: float | None) -> LabError:
        time = f"{self._live.time_ns / 1e9:.6f} s"
        if isinstance(trouble, Aborted):
            self._pc = trouble.pc
            return DeviceFault(
                f"The core gave up after {time}, {self._here()}: {trouble}.",
                remedy="Look for a branch or a stack pointer that leads out of memory; "
                "--engine builtin says by which basic blocks the core came there.",
                details=self.trace(),
                code="cpu-abort",
            )
        if isinstance(trouble, Restarted):
            return DeviceFault(
                "The firmware reset itself (AIRCR.SYSRESETREQ).",
                remedy="The lab ends the run there: what led to the reset is the last thing in the log.",
                details=self.trace(),
                code="device-reset",
            )
        if isinstance(trouble, Silent) and limit is not None:
            return EngineError(
                f"The host watchdog ended a run of {limit:g} virtual seconds: it stood at {time}, {self._here()}.",
                remedy="Look for an interrupt that is raised again at once, or a device polled without end.",
                details=self.trace(),
                code="watchdog",
            )
        if isinstance(trouble, Refused):
            return EngineError(
                f"Renode {trouble}.",
                remedy="Correct what it names; `lab doctor` loads each platform and says what Renode says of it.",
                details=self.trace(),
                code="renode-refused",
            )
        return EngineDied(
            f"Renode {trouble}; the board stood at {time}, {self._here()}.",
            remedy=REPORT,
            details=self.trace(),
        )


_Reported = TypeVar("_Reported", Line, Reached)


def _join(known: list[_Reported], reported: Sequence[_Reported], already: int) -> int:
    """Append what is new, of which `already` was reported again before; give how many are known now.

    Raises Gone if something differs from what was reported the first time.
    """
    for one in reported:
        if already == len(known):
            known.append(one)
        elif known[already] != one:
            raise Gone(f"did not repeat itself: {one} where it was {known[already]} before")
        already += 1
    return already
