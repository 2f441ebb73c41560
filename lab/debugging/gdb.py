"""A machine's debugger that is GDB, over a socket; it may come, go and come back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from lab.debugging.commands import Commands, Goes, Killed, Parted
from lab.debugging.connection import Connection, Gone
from lab.debugging.frames import Signal
from lab.debugging.server import Server
from lab.engines.debuggable import Halt, Probe, Resume, Why

_LOOK_S = 0.1
_HELP = """\
monitor time    virtual time and instructions since reset, at the instruction that is shown
monitor reset   load the firmware anew and stand before its first instruction
"""
_NO_RESET = "This board cannot begin anew: start the command again.\n"


class Gdb:
    """As `lab.engines.debuggable.Debugger` has it. `say` gets what a person is to know, and the device's lines.

    It stands at once and waits for GDB. When GDB detaches the machine goes on, and stands when GDB comes again; when
    the connection is lost it stands until then. `monitor reset` raises Abandoned out of the run if `resets`.
    `on_ready` is called when there is a board for GDB to come to.
    """

    def __init__(
        self,
        server: Server,
        say: Callable[[str], None],
        *,
        resets: bool,
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._server = server
        self._say = say
        self._resets = resets
        self._on_ready = on_ready
        self._client: Connection | None = None
        self._commands: Commands | None = None
        self._stands = True
        self._owed: bytes | None = None
        """The reply that GDB waits for and that is known before the next halt."""
        self._awaits = False
        """GDB waits for the next halt."""

    def attach(self, probe: Probe) -> None:
        """The machine to debug, before its first run; after a reset another one."""
        if self._commands is None:
            self._commands = Commands(probe, self._monitor)
            self._on_ready()
        else:
            self._commands.move(probe)

    def wants_halt(self) -> bool:
        """Whether GDB has come or wants to interrupt."""
        if self._stands:
            return True
        if self._client is None:
            self._client = self._accepted()
            self._stands = self._client is not None
            return self._stands
        try:
            if any(arrived is Signal.INTERRUPT for arrived in self._client.arrived()):
                return True
            self._server.turn_away()
        except Gone as gone:
            self._lose(gone.reason)
        return self._stands

    def attend(self, halt: Halt, check: Callable[[], None]) -> Resume:
        """Serve GDB until it lets the machine go on. Raises Killed."""
        commands = self._told()
        commands.halt = halt
        if halt.why is Why.FAULT:
            self._say(f"fault: {halt.said}")
        if halt.error is not None:
            self._say(f"The board cannot go on: {halt.error.message}")
        if self._client is None and (halt.error is not None or not self._stands):
            return Resume.GO_ON
        self._stands = True
        self._report(commands)
        while True:
            check()
            how = self._turn(commands)
            if how is not None:
                self._stands = how is Resume.ABANDON
                return how

    def hear(self, line: str) -> None:
        """A line of the device."""
        self._say(line)

    def end(self, reply: bytes) -> None:
        """The run is over: tell GDB why and part from it."""
        if self._client is not None:
            with suppress(Gone):
                if self._awaits:
                    self._client.send(reply)
            self._client.close()
            self._client = None

    def _told(self) -> Commands:
        if self._commands is None:
            raise RuntimeError("No machine is attached.")
        return self._commands

    def _report(self, commands: Commands) -> None:
        """The reply that GDB waits for."""
        reply = commands.stopped() if self._awaits else self._owed
        self._awaits, self._owed = False, None
        if reply is not None and self._client is not None:
            try:
                self._client.send(reply)
            except Gone as gone:
                self._lose(gone.reason)

    def _turn(self, commands: Commands) -> Resume | None:
        """Wait a moment for something, and answer it."""
        self._server.wait(self._client, _LOOK_S)
        if self._client is None:
            self._client = self._accepted()
            return None
        try:
            for arrived in self._client.arrived():
                if isinstance(arrived, bytes) and (how := self._answer(commands, self._client, arrived)) is not None:
                    return how
            self._server.turn_away()
        except Gone as gone:
            self._lose(gone.reason)
        return None

    def _accepted(self) -> Connection | None:
        client = self._server.accept()
        if client is not None:
            self._say("GDB has come")
        return client

    def _answer(self, commands: Commands, client: Connection, packet: bytes) -> Resume | None:
        try:
            answer = commands.answer(packet)
        except Parted:
            return self._part(commands, client)
        except Killed:
            self._awaits = False
            client.send(b"OK")
            raise
        if isinstance(answer, Goes):
            self._awaits = answer.how is not Resume.ABANDON
            self._owed = None if self._awaits else b"The board was reset.\n".hex().encode()
            return answer.how
        client.send(answer)
        client.acknowledges = not commands.unacknowledged
        return None

    def _part(self, commands: Commands, client: Connection) -> Resume:
        commands.forget()
        commands.unacknowledged = False
        client.send(b"OK")
        client.close()
        self._client = None
        self._say("GDB has detached: the board goes on, and stands when GDB comes again. Ctrl-C ends it.")
        return Resume.GO_ON

    def _lose(self, reason: str) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None
        self._awaits, self._owed, self._stands = False, None, True
        if self._commands is not None:
            self._commands.forget()
            self._commands.unacknowledged = False
        self._say(f"GDB {reason}: the board stands and waits for another. Ctrl-C ends it.")

    def _monitor(self, words: str) -> str | Resume:
        if words == "time":
            instructions, time_ns = self._told().probe.position()
            return f"{time_ns / 1e9:.9f} s, {instructions:,} instructions\n"
        if words == "reset" and self._resets:
            return Resume.ABANDON
        if words == "reset":
            return _NO_RESET
        return _HELP
