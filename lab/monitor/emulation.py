"""Virtual time and the one board that it passes on: what `emulation`, `mach` and `start` act on."""

from __future__ import annotations

from collections.abc import Callable

from lab.errors import ConfigurationError
from lab.monitor.actions import action
from lab.monitor.board import Board

Listener = Callable[[str, float], None]
"""Takes a line of the board's UART and the virtual time, in milliseconds, at which its end was sent."""

_QUANTUM_S = 0.0001


class Emulation:
    """At most one board. Time passes only inside `advance`: never between two commands, whatever the host does.

    `started` is Renode's notion: there time passes on its own from `start` on.
    """

    def __init__(self) -> None:
        self.started = False
        self._board: Board | None = None
        self._listeners: list[Listener] = []
        self._lines_seen = 0

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
        self._board = Board(name)
        return self._board

    def clear(self) -> None:
        """Free the board."""
        if self._board is not None:
            self._board.close()

    def listen(self, listener: Listener) -> None:
        """Pass each line that the board's UART sends from now on."""
        self._listeners.append(listener)

    def advance(self, seconds: float, until: Callable[[], bool] | None = None) -> bool:
        """Let virtual time pass, at most until a line after which `until` is true; whether it came to that.

        Raises ConfigurationError before there is firmware, and what Machine.run raises.
        """
        machine = self.board.ready
        self._lines_seen = len(machine.lines())

        def heard(line: str) -> bool:
            self._lines_seen += 1
            self._pass_on(line)
            return until is not None and until()

        stop = machine.run(until=heard, limit=seconds)
        for line in machine.lines()[self._lines_seen :]:  # of the same transfer as the one that ended the run
            self._pass_on(line)
        return stop.line is not None

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

    @action("SetSeed")
    def set_seed(self, seed: int) -> None:
        """Nothing is random, so every seed gives the same run."""

    def _pass_on(self, line: str) -> None:
        for listener in self._listeners:
            listener(line, self.board.time_ms)


def _expect(setting: str, value: float, only: float) -> None:
    if value != only:
        raise ConfigurationError(
            f"{setting} {_spelled(value)} is not what the built-in engine does.",
            remedy=f"It always does what Renode does with: emulation {setting} {_spelled(only)}",
            code="monitor-command",
        )


def _spelled(value: float) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value:.9f}'.rstrip("0") + '"'
