"""A debugger at a board in Renode: runs that it may hold up, and its probe, by the commands of debug_commands.py."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from lab.engines.debuggable import Abandoned, Debugger, Halt, Resume, Why
from lab.engines.renode import registers
from lab.errors import DeviceFault

COMMANDS = Path(__file__).with_name("debug_commands.py")

_LOOK_S = 0.01
_LONGEST_ACCESS = 8
_HALTS = {
    "asked": Why.ASKED,
    "breakpoint": Why.BREAKPOINT,
    "stepped": Why.STEPPED,
    "load": Why.LOAD,
    "store": Why.STORE,
}


class Board(Protocol):
    """What a session does for a debugger."""

    def ask(self, command: str) -> list[str]:
        """What a command of the lab answers."""

    def check_for_abort(self) -> None:
        """Raises Aborted if the core gave up."""

    def read(self, address: int, size: int) -> bytes:
        """Memory."""

    def write(self, address: int, data: bytes) -> None:
        """Memory."""


class Debugging:
    """The probe of a debugger as `debuggable.Probe` has it, and how a session's runs ask it; `core` as there."""

    def __init__(self, board: Board, debugger: Debugger, core: str, text_of: Callable[[str], str]) -> None:
        self._board = board
        self._debugger = debugger
        self._core = core
        self._text_of = text_of
        self._watched: set[tuple[int, int]] = set()
        self._steps = False
        self._values: dict[str, int] = {}
        self._board.ask("lab_debug")

    def run(self, duration_ns: int) -> list[str]:
        """As `lab_run` answers. Raises Abandoned."""
        if self._debugger.wants_halt():
            self._board.ask("lab_stand")
        self._board.ask(f"lab_go {duration_ns}")
        self._steps = self._steps and not self._step()
        heard: list[str] = []
        while True:
            *news, place = self._board.ask("lab_news")
            how = news.pop() if news and news[-1].startswith(("halt ", "over")) else ""
            for line in news:
                self._hear(line)
            heard += news
            if how.startswith("halt "):
                self._attend(how)
            elif how or "reset" in news:
                return [*heard, place]
            else:
                self._board.check_for_abort()
                if self._debugger.wants_halt():
                    self._board.ask("lab_stand")
                time.sleep(_LOOK_S)

    def _hear(self, line: str) -> None:
        if line.startswith("line "):
            self._debugger.hear(self._text_of(line.partition(" =")[2]))

    def _attend(self, said: str) -> None:
        _, why, address = said.split()
        self._values = {}
        how = self._debugger.attend(Halt(_HALTS[why], self._watched_at(int(address))), _nothing)
        if how is Resume.ABANDON:
            raise Abandoned
        if how is Resume.GO_ON:
            self._board.ask("lab_go_on")
        else:
            self._steps = not self._step()

    def _step(self) -> bool:
        """Whether it does; else the run has ended, and the next one begins with it."""
        return self._board.ask("lab_step") == ["yes"]

    def _watched_at(self, address: int) -> int:
        """What the watchpoint was set to that an access at the address is about."""
        near = (at for at, size in self._watched if at - _LONGEST_ACCESS < address < at + size)
        return min(near, key=lambda at: abs(at - address), default=address)

    # For the debugger

    @property
    def core(self) -> str:
        """As `Probe` has it, and so are the others."""
        return self._core

    @property
    def registers(self) -> Mapping[str, int]:
        """Widths."""
        return registers.WIDTHS[self._core]

    def register(self, name: str) -> int:
        """Its value."""
        if not self._values:  # all of them are asked for once in a halt
            numbers = registers.NUMBERS[self._core]
            (said,) = self._board.ask(f"lab_registers {' '.join(map(str, numbers.values()))}")
            self._values = registers.seen(dict(zip(numbers, map(int, said.split()[1:]), strict=True)))
        return self._values[name]

    def set_register(self, name: str, value: int) -> bool:
        """Set it; the stack pointers of the two modes cannot be."""
        number = registers.NUMBERS[self._core].get(name)
        if number is None:
            return False
        self._board.ask(f'lab_set_register {number} "{value}" {self.registers[name]}')
        self._values = {}
        return True

    def read(self, address: int, size: int) -> bytes:
        """Memory. Raises DeviceFault where there is none."""
        self._check_memory(address, size)
        return self._board.read(address, size)

    def write(self, address: int, data: bytes) -> None:
        """Memory. Raises DeviceFault where there is none."""
        self._check_memory(address, len(data))
        self._board.write(address, data)

    def break_at(self, address: int, on: bool) -> bool:
        """Or do not any more."""
        return self._point(on, 1, address, 2)

    def watch_data(self, address: int, size: int, *, loads: bool, stores: bool, on: bool) -> bool:
        """Or do not any more."""
        (self._watched.add if on else self._watched.discard)((address, size))
        return self._point(on, 4 if loads and stores else 3 if loads else 2, address, size)

    def position(self) -> tuple[int, int]:
        """Instructions, nanoseconds."""
        _, instructions, time_ns, _ = self._board.ask("lab_place")[0].split()
        return int(instructions), int(time_ns)

    def _point(self, on: bool, kind: int, address: int, size: int) -> bool:
        return self._board.ask(f'lab_point "{"Z" if on else "z"}{kind},{address:x},{size:x}"') == ["yes"]

    def _check_memory(self, address: int, size: int) -> None:
        if size and self._board.ask(f"lab_has_memory {address} {size}") != ["yes"]:
            raise DeviceFault(
                f"There is no memory at {address:#010x} to {address + size - 1:#010x} to look at.",
                remedy="Compare the linker script with the memories of the platform description.",
                code="no-memory-there",
            )


def _nothing() -> None:
    """Ctrl-C raises by itself."""
