"""Virtual time and the one board that it passes on: what `emulation`, `mach` and `start` act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lab.engines.machine import line_of
from lab.errors import ConfigurationError
from lab.monitor.actions import action
from lab.monitor.board import Board
from lab.monitor.finding import Files

Listener = Callable[[str, float], None]
"""Takes a line of a UART and the virtual time, in milliseconds, at which its end was sent."""

_LONGEST_LINE = 1 << 20  # bytes

_QUANTUM_S = 0.0001
_MODES = ("SynchronizedIO", "SynchronizedTimers")


class Emulation:
    """At most one board. Time passes only inside `advance`: never between two commands, whatever the host does.

    `started` is Renode's notion: there time passes on its own from `start` on. `on_clear` is called when the board is
    gone.
    """

    def __init__(self, files: Files, stub: bool = False) -> None:
        self.started = False
        self.on_clear: Callable[[], None] = lambda: None
        self._stub = stub
        self._files = files
        self._board: Board | None = None
        self._ports: dict[str, _Port] = {}
        self._until: Callable[[], bool] | None = None

    @property
    def board(self) -> Board:
        """The board. Raises ConfigurationError before `mach create`."""
        if self._board is None:
            raise ConfigurationError(
                "There is no machine yet.", remedy="Begin with: mach create", code="monitor-command"
            )
        return self._board

    @property
    def has_board(self) -> bool:
        """Whether there is a board."""
        return self._board is not None

    def create(self, name: str) -> Board:
        """`mach create`. Raises ConfigurationError for a second board."""
        if self._board is not None:
            raise ConfigurationError(
                f"There is a machine already, {self._board.name!r}; the built-in engine emulates one at a time.",
                remedy="In a suite, call Reset Emulation first.",
                code="monitor-command",
            )
        self._board = Board(name, self._files, self._hear, self._stub)
        return self._board

    def clear(self) -> None:
        """Free the board, and have none."""
        if self._board is not None:
            self._board.close()
        self._board, self.started = None, False
        self._ports.clear()
        self.on_clear()

    def listen(self, listener: Listener, uart: str | None = None) -> None:
        """Pass each line that this UART sends from now on; of the board's first one if none is named."""
        self._port(self.board.uart if uart is None else uart).listeners.append(listener)

    def unfinished(self, uart: str) -> str:
        """What that UART has sent behind its last line's end, such as a prompt."""
        return line_of(bytes(self._port(uart).unfinished))

    def forget_unfinished(self, uart: str) -> None:
        """A prompt was found: what comes after it is a line of its own."""
        self._port(uart).unfinished.clear()

    def advance(self, seconds: float, until: Callable[[], bool] | None = None) -> bool:
        """Let virtual time pass, at most until something is sent after which `until` is true; whether it came to that.

        Raises ConfigurationError before there is firmware, and what Machine.run raises.
        """
        board = self.board
        if board.stepped:
            raise ConfigurationError(
                "The core is stepped (ExecutionMode SingleStep), so it does nothing while time passes.",
                remedy="Use `cpu Step`, or go back with: cpu ExecutionMode Continuous",
                code="monitor-command",
            )
        self._until = until
        try:
            return board.run(seconds)
        finally:
            self._until = None

    def awaited(self) -> bool:
        """Whether what the run under way waits for has come."""
        return self._until is not None and self._until()

    def _port(self, uart: str) -> _Port:
        return self._ports.setdefault(uart, _Port())

    def _hear(self, device: str, data: bytes) -> bool:
        """Take what a device sends; whether that is what a run waited for."""
        port = self._port(device)
        port.unfinished += data
        *lines, rest = port.unfinished.split(b"\n")
        port.unfinished = rest[-_LONGEST_LINE:]
        time_ms = self.board.time_ms if lines else 0.0
        found = False
        for line in lines:
            for listener in port.listeners:
                listener(line_of(bytes(line)), time_ms)
            found = found or self.awaited()
        return found or (bool(rest) and self.awaited())

    @action("RunFor")
    def run_for(self, seconds: float) -> None:
        """Let that much virtual time pass."""
        if self.started:
            raise ConfigurationError(
                "RunFor is not available once the emulation has started, nor is it in Renode.",
                remedy="Type `pause` first, or give the terminal tester defaultPauseEmulation=True.",
                code="monitor-command",
            )
        self.advance(seconds)

    @action("SetGlobalQuantum")
    def set_quantum(self, seconds: float) -> None:
        """The built-in engine has Renode's default quantum."""
        _expect("SetGlobalQuantum", seconds, _QUANTUM_S)

    @action("SetGlobalAdvanceImmediately")
    def set_advance_immediately(self, on: bool) -> None:
        """Nothing waits for the host."""
        _expect("SetGlobalAdvanceImmediately", on, True)

    @action("SetGlobalSerialExecution")
    def set_serial_execution(self, on: bool) -> None:
        """There is one core."""
        _expect("SetGlobalSerialExecution", on, True)

    @action("Mode")
    def set_mode(self, mode: str) -> None:
        """What comes from outside comes between two instructions in any case."""
        if mode not in _MODES:
            raise ConfigurationError(
                f"There is no mode {mode!r} of an emulation.",
                remedy=f"Take {' or '.join(_MODES)}.",
                code="monitor-command",
            )

    @action("SetSeed")
    def set_seed(self, seed: int) -> None:
        """Nothing is random, so every seed gives the same run."""


@dataclass
class _Port:
    """What is heard of one UART: who listens, and the bytes behind the last line's end."""

    listeners: list[Listener] = field(default_factory=list)
    unfinished: bytearray = field(default_factory=bytearray)


def _expect(setting: str, value: float, only: float) -> None:
    if value != only:
        raise ConfigurationError(
            f"{setting} {_spelled(value)} is not what the built-in engine does.",
            remedy=f"It always does what Renode does with: emulation {setting} {_spelled(only)}",
            code="monitor-command",
        )


def _spelled(value: float) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value:.9f}'.rstrip("0") + '"'
