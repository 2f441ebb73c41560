"""A boot: a firmware on a board, what it prints as it comes, and what became of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lab.booting import described
from lab.booting.described import Board
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.builtin.onlooker import Access
from lab.errors import ChipReset, ConfigurationError, DeviceFault, FirmwareError, FirmwareExit
from lab.image import Image

_SLICE_S = 0.01
_QUIET_S = 0.05
_FIRST_WORDS_S = 1.0
_MOST_MISSING = 200
"""Registers that are told; a firmware that runs wild may go to thousands."""
_MOST_RESETS = 10
"""Of the chip, while nothing is typed."""

Why = Literal["time", "text", "fault", "exit", "interrupted"]


@dataclass(frozen=True)
class Missing:
    """A register without a model, as it was first come to; `place` is where the code is."""

    access: Access
    place: str


@dataclass(frozen=True)
class Restart:
    """The chip was reset at that time, for a reason in words, and the firmware began anew."""

    time_ns: int
    reason: str


@dataclass
class BootOnlooker:
    """The onlooker of a boot: `hear` is given what leaves each port."""

    hear: Callable[[str, bytes], None]
    strict: bool = False
    speakers: dict[str, bytearray] = field(default_factory=dict)
    devices: dict[str, int] = field(default_factory=dict)
    missing: dict[tuple[int, bool], Missing] = field(default_factory=dict)
    wants_accesses: bool = True

    def sent(self, port: str, data: bytes) -> None:
        """Pass it on."""
        self.speakers.setdefault(port, bytearray()).extend(data)
        self.hear(port, data)

    def reached(self, device: str) -> None:
        """Count it."""
        self.devices[device] = self.devices.get(device, 0) + 1

    def missed(self, access: Access, place: Callable[[], str]) -> None:
        """Keep the first of each register, to be read and to be written. Raises DeviceFault if it is strict."""
        key = (access.address, access.writes)
        if key not in self.missing and len(self.missing) < _MOST_MISSING:
            self.missing[key] = Missing(access, place())
        if self.strict:
            raise DeviceFault(
                f"{access} was {'written' if access.writes else 'read'}, and has no model.",
                remedy="Leave --strict out to go on all the same, or add the register to the device's model.",
                code="not-modelled",
            )


@dataclass(frozen=True)
class Booted:
    """What became of a firmware.

    `why` it ended: its time was over, it printed the awaited text, somebody ended it, it ended itself with that
    `status`, or it came to a fault, of which `fault` tells in words and `details` have the last basic blocks. `devices`
    are those that it went to, each with how often; `polled` is the register that it read by far the most often in the
    end, in words, or nothing. `restarts` are the resets that it went on behind.
    """

    board: str
    why: Why
    time_ns: int
    instructions: int
    here: str
    output: dict[str, str]
    devices: dict[str, int]
    missing: tuple[Missing, ...]
    fault: str
    polled: str
    details: str
    status: int = 0
    restarts: tuple[Restart, ...] = ()


class Boot:
    """A firmware on its board. Close it, or use `with`. Raises ConfigurationError for an image that has no place there.

    `strict`: a register without a model ends it. `sends` are typed one by one, each when the firmware has been quiet
    for 50 ms of virtual time; of one that never printed anything after a second.
    `names`: an SVD file with the names of registers.
    Where the firmware or a watchdog resets the chip it goes on from the start, of which `tell` is told in words.
    """

    def __init__(
        self,
        image: Image,
        board: Board,
        hear: Callable[[str, bytes], None],
        *,
        strict: bool = False,
        sends: Sequence[bytes] = (),
        names: Path | None = None,
        tell: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        self._image, self._board = image, board
        self._tell = tell
        self._restarts: list[Restart] = []
        self._restarts_in_a_row = 0
        self._heard = BootOnlooker(self._hear_and(hear), strict)
        self._sends = deque(sends)
        self._last_word_ns = 0
        self._speaker: str | None = None
        self._searched: dict[str, int] = {}  # bytes of each port in which a text was looked for
        self._machine: BuiltinMachine = described.machine(board, image, self._heard, names)
        try:
            self._machine.load(image)
        except DeviceFault as error:
            self._machine.close()
            raise ConfigurationError(
                f"{image.path} is not for {board.name}: {error.message}",
                remedy="Name its board with --target, or leave --target out: the lab looks for it.",
                code="elf-memory",
            ) from error

    def __enter__(self) -> Boot:
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.close()

    def send(self, data: bytes) -> None:
        """Type into the port that has spoken last; where none has, into the first that listens, else the board's UART.

        Raises ConfigurationError where it receives nothing.
        """
        self._restarts_in_a_row = 0
        listening = [] if self._speaker else self._machine.listening()
        self._machine.receive(data, listening[0] if listening else self._speaker)

    def slices(self) -> Iterator[int]:
        """Run on and on, 10 ms of virtual time at once: the nanoseconds so far after each. Raises as `run` does."""
        while True:
            try:
                self._machine.run(limit=_SLICE_S)
            except ChipReset as reset:
                self._restart(reset)
            now_ns = self._machine.counters().time_ns
            quiet_s = _QUIET_S if self._heard.speakers else _FIRST_WORDS_S
            if self._sends and now_ns - self._last_word_ns >= quiet_s * 1e9:
                self.send(self._sends.popleft())
                self._last_word_ns = now_ns
            yield now_ns

    def run(self, limit_s: float, until: str | None = None) -> Booted:
        """Until it prints that text, fails, or so much virtual time has passed.

        Raises EngineError where the emulator fails.
        """
        try:
            for now_ns in self.slices():
                if until is not None and self.printed(until):
                    return self.ended("text")
                if now_ns >= limit_s * 1e9:
                    break
        except FirmwareExit as exited:
            return self.exited(exited, until)
        except FirmwareError as error:
            return self.failed(error)
        return self.ended("fault" if self._machine.fault() else "time")

    def _restart(self, reset: ChipReset) -> None:
        """Let it happen. Raises FirmwareError for one too many."""
        self._restarts.append(Restart(self._machine.counters().time_ns, reset.message))
        self._restarts_in_a_row += 1
        if self._restarts_in_a_row == _MOST_RESETS:
            raise FirmwareError(
                f"{self._image.path.name} is reset again and again: {_MOST_RESETS} times, and the last time so. "
                f"{reset.message}",
                remedy="Look for the reason in its last lines, and in the last basic blocks above.",
                details=reset.details,
                code="endless-resets",
            )
        self._tell(f"{reset.message} It starts anew.")
        self._machine.restart()

    def printed(self, text: str) -> bool:
        """Whether any port has, since this was asked before."""
        wanted = text.encode("utf-8", "surrogateescape")
        for port, said in self._heard.speakers.items():
            from_here = max(0, self._searched.get(port, 0) - len(wanted))
            self._searched[port] = len(said)
            if said.find(wanted, from_here) >= 0:
                return True
        return False

    def ended(self, why: Why) -> Booted:
        """What there is to say now."""
        self._machine.collect()
        counters = self._machine.counters()
        return Booted(
            board=self._board.name,
            why=why,
            time_ns=counters.time_ns,
            instructions=counters.instructions,
            here=self._machine.here(),
            output={port: bytes(said).decode("utf-8", "replace") for port, said in self._heard.speakers.items()},
            devices=dict(sorted(self._heard.devices.items())),
            missing=tuple(self._heard.missing.values()),
            fault=self._machine.fault(),
            polled=self._machine.polled(),
            details=self._machine.trace(),
            restarts=tuple(self._restarts),
        )

    def exited(self, exited: FirmwareExit, until: str | None = None) -> Booted:
        """The same after the firmware ended itself, and may have printed the awaited text before."""
        said = self.ended("exit")
        why: Why = "text" if until is not None and self.printed(until) else "exit"
        return Booted(**{**vars(said), "why": why, "fault": "", "status": exited.status})

    def failed(self, error: FirmwareError) -> Booted:
        """The same after an error that the core does not go on from."""
        said = self.ended("fault")
        return Booted(**{**vars(said), "fault": error.message, "details": error.details or said.details})

    def _hear_and(self, hear: Callable[[str, bytes], None]) -> Callable[[str, bytes], None]:
        def heard(port: str, data: bytes) -> None:
            if self._machine.receives(port):
                self._speaker = port
            self._last_word_ns = self._machine.counters().time_ns
            hear(port, data)

        return heard
