"""A Renode with one board in it: what the lab asks of it, as calls and values."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from filelock import FileLock

from lab import disk, places
from lab.elf import Firmware
from lab.engines.builtin import repl
from lab.engines.builtin.description import Description
from lab.engines.debuggable import Debugger
from lab.engines.machine import line_of
from lab.engines.renode import feeding, settings
from lab.engines.renode.console import Console, is_readable, quoted
from lab.engines.renode.debugging import COMMANDS, Debugging
from lab.engines.renode.patience import START_S, Patience
from lab.engines.renode.process import RenodeProcess
from lab.engines.renode.trouble import Gone, Trouble
from lab.errors import ConfigurationError
from lab.image import Image
from lab.images.bare_elf import elf_of
from lab.signals.signal import Signal
from lab.target import Target

_NOTHING = Signal.of_sound(np.empty(0, np.int16), 1)
_UNCOUNTED = {"UART.ESP32_UART"}
"""Models whose register for the number of bytes in the FIFO reads 0, in Renode 1.16.1."""
_COMMAND_S = 60.0
_WHERE_S = 3.0
_ELSEWHERE = "set TMPDIR to a folder elsewhere"


@dataclass(frozen=True)
class Line:
    """A line of the device; counted at the start of the block whose store completes it."""

    text: str
    instructions: int
    time_ns: int


@dataclass(frozen=True)
class Reached:
    """Execution reached a watched address; `argument` is the first argument register."""

    address: int
    argument: int
    instructions: int
    time_ns: int


@dataclass(frozen=True)
class Report:
    """What came since the report before, and where the core stands now."""

    lines: tuple[Line, ...]
    reached: tuple[Reached, ...]
    instructions: int
    time_ns: int
    pc: int
    was_reset: bool = False
    """The firmware reset the board: only what came before is reported."""


class _Place(NamedTuple):
    """Where the core is, as the lab's own commands answer it."""

    instructions: int
    time_ns: int
    pc: int


class Session:
    """One process and the board in it. End it; every method raises Trouble, after which it is of no use.

    Times are virtual nanoseconds and counts executed instructions, both since `reset`. `mips` goes before what the
    platform description says of the core. Raises EngineError and StorageError if the process cannot be started.
    """

    def __init__(self, command: Sequence[str], target: Target, mips: int | None = None) -> None:
        self._fed = 0
        self._vectors = 0
        self._at = _Place(0, 0, 0)
        self._patience = Patience()
        self._debugging: Debugging | None = None
        description = repl.read(target.repl)
        self._uart = description.entry(target.platform.uart).type
        self._core = description.entry(target.platform.cpu).type
        self._sensors = {sensor.device: description.entry(sensor.device).type for sensor in target.sensors.values()}
        # Several that start at once are slower than one after the other.
        with FileLock(_folder_of_locks() / "start.lock"):
            self.process = RenodeProcess(command)
            try:
                self._console = Console(self.process)
                self._console.greet(START_S)
                self._console.do(self._set_up(description, target.platform.cpu, mips), START_S)
                self.ask(f"lab_live_with {os.getpid()}")
                self.ask(f'lab_attach "{target.platform.cpu}" "{target.platform.uart}"')
                for device in self._sensors:
                    self.ask(f'lab_sensor "{device}"')
                self.ask(f'lab_attend "{self.process.folder}"')
            except Trouble as trouble:
                trouble.last_words = self.process.last_words()
                self.process.end()
                raise
            except BaseException:
                self.process.end()
                raise

    def load(self, firmware: Image) -> None:
        """Take an image; nothing is watched any more. `reset` puts it in memory."""
        self._vectors = min((segment.address for segment in firmware.segments), default=0)
        with disk.writing(self._elf, elsewhere=_ELSEWHERE):
            if isinstance(firmware, Firmware):
                shutil.copyfile(firmware.path, self._elf)
            else:
                self._elf.write_bytes(elf_of(firmware, "EM_RISCV" if self._is_riscv else "EM_ARM"))
        self.ask("lab_forget")

    def watch(self, address: int) -> None:
        """Report each time execution reaches the address."""
        self.ask(f"lab_watch {address}")

    def reset(self) -> None:
        """Empty memories with the image in them, devices and core as after power-on, sensors without samples."""
        answer = self.ask(f'lab_reset "{self._elf}" {self._vectors}')
        self._at = _Place(*_numbers(answer[-1], 3))
        for device, kind in self._sensors.items():
            if feeding.needs_a_file(kind):
                self.feed(device, _NOTHING)

    def run(self, duration_ns: int) -> Report:
        """Run for so much virtual time, or as long as a debugger wants. Raises Abandoned if that ends it."""
        if self._debugging is not None:
            return self._report(self._placed(self._debugging.run(duration_ns)))
        return self._report(self._timed(f"lab_run {duration_ns}", duration_ns))

    def block_after(self, instructions: int, duration_ns: int) -> tuple[int, int] | None:
        """Run for so long; count and time at the first block that began after so many instructions, None without one.

        What comes meanwhile is not reported, and blocks are slow: reset afterwards.
        """
        for line in self._timed(f"lab_block_after {instructions} {duration_ns}", duration_ns):
            if line.startswith("block "):
                count, time_ns = _numbers(line, 2)
                return count, time_ns
        return None

    def feed(self, device: str, signal: Signal) -> None:
        """Queue a signal at a sensor of the target."""
        self._fed += 1
        file = self.process.folder / f"samples-{self._fed}"
        with disk.writing(file, elsewhere=_ELSEWHERE):
            feeding.write(signal, self._sensors[device], file)
        self._console.do([f"{device} {feeding.command(self._sensors[device], quoted(file), signal)}"], _COMMAND_S)
        file.unlink()

    def receive(self, data: bytes) -> None:
        """Bytes arrive at the UART, one after the other. Raises ConfigurationError where the firmware cannot know."""
        if self._uart in _UNCOUNTED:
            raise ConfigurationError(
                f"Renode's {self._uart} does not count the bytes that it received, so that the firmware reads none.",
                remedy="Take --engine builtin, whose model does.",
                code="renode-uart",
            )
        with disk.writing(self._exchange, elsewhere=_ELSEWHERE):
            self._exchange.write_bytes(data)
        self.ask(f'lab_receive "{self._exchange}"')

    def read(self, address: int, size: int) -> bytes:
        """Memory."""
        self.ask(f'lab_read {address} {size} "{self._exchange}"')
        return self._exchange.read_bytes()

    def write(self, address: int, data: bytes) -> None:
        """Memory, flash included."""
        with disk.writing(self._exchange, elsewhere=_ELSEWHERE):
            self._exchange.write_bytes(data)
        self.ask(f'lab_write {address} "{self._exchange}"')

    def ask(self, command: str) -> list[str]:
        """What a command of the lab answers."""
        return self._console.ask(command, _COMMAND_S)

    def check_for_abort(self) -> None:
        """Raises Aborted if the core gave up, which Renode only logs."""
        self._console.check_for_abort()

    def debug(self, debugger: Debugger) -> Debugging:
        """Ask this debugger from the next run on."""
        self._console.do([f"include {quoted(self._copied(COMMANDS))}"], _COMMAND_S)
        core = "riscv" if self._is_riscv else "cortex-m"
        self._debugging = Debugging(self, debugger, core, _text)
        return self._debugging

    def where(self) -> int | None:
        """The program counter while a run does not return: roughly, since the core goes on. None without an answer."""
        place = self._look()
        return place and place.pc

    def _moves(self) -> bool:
        """Whether the core has gone on since it was last seen, while a run does not return."""
        before, self._at = self._at, self._look() or self._at
        return self._at[:2] != before[:2]

    def _look(self) -> _Place | None:
        answer = self.process.folder / "here"
        answer.unlink(missing_ok=True)
        (self.process.folder / "where").touch()
        give_up = time.monotonic() + _WHERE_S
        while time.monotonic() < give_up:
            with suppress(OSError, Gone):
                said = answer.read_text(encoding="ascii")
                if said.endswith("\n"):
                    return _Place(*_numbers(said, 3))
            time.sleep(0.1)
        return None

    def end(self) -> None:
        """End the process and remove its folder."""
        self.process.end()

    def _set_up(self, description: Description, cpu: str, mips: int | None) -> list[str]:
        """Commands for the board. What Renode could not open where it is, it gets in its own folder."""
        platform = description.file.absolute()
        if not is_readable(platform.parent):
            platform = _linked(platform, self.process.folder / "platforms")
        more, log = self._copied(settings.MONITOR_COMMANDS), self.process.log
        return [*settings.commands(description, cpu, platform=platform, log=log, more=more, mips=mips)]

    def _copied(self, file: Path) -> Path:
        """A file where the monitor can open it, wherever the lab is."""
        return Path(shutil.copy(file, self.process.folder))

    @property
    def _is_riscv(self) -> bool:
        return "RiscV" in self._core

    @property
    def _elf(self) -> Path:
        return self.process.folder / "firmware.elf"

    @property
    def _exchange(self) -> Path:
        return self.process.folder / "memory"

    def _timed(self, command: str, duration_ns: int) -> list[str]:
        began = time.monotonic()
        answer = self._console.ask(command, self._patience.limit_s(duration_ns), self._moves)
        self._patience.learn(duration_ns, time.monotonic() - began)
        return self._placed(answer)

    def _placed(self, answer: list[str]) -> list[str]:
        self._at = _Place(*_numbers(answer[-1], 3))
        return answer

    def _report(self, answer: Sequence[str]) -> Report:
        lines = []
        reached = []
        was_reset = False
        for line in answer[:-1]:
            kind = line.partition(" ")[0]
            if kind == "reset":
                was_reset = True
                break
            if kind == "line":
                counts, _, text = line.partition(" =")
                lines.append(Line(_text(text), *_numbers(counts, 2)))
            elif kind == "mark":
                reached.append(Reached(*_numbers(line, 4)))
            else:
                raise _garbled(line)
        return Report(tuple(lines), tuple(reached), *self._at, was_reset)


def _linked(platform: Path, folder: Path) -> Path:
    """The description by a link in a new folder, with what is beside its own there: it includes `../part/Part.cs`."""
    folder.mkdir()
    for beside in platform.parent.parent.iterdir():
        (folder / beside.name).symlink_to(beside)
    board = folder / "lab-board"
    board.symlink_to(platform.parent)
    return board / platform.name


def _folder_of_locks() -> Path:
    folder = places.cache() / "renode"
    with disk.writing(folder, elsewhere=disk.FOR_THE_CACHE):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _numbers(line: str, count: int) -> list[int]:
    """The numbers behind the first word of a line. Raises Gone if they are not so many."""
    words = line.split()[1:]
    if len(words) != count or not all(word.isdecimal() for word in words):
        raise _garbled(line)
    return [int(word) for word in words]


def _text(digits: str) -> str:
    try:
        return line_of(bytes.fromhex(digits))
    except ValueError:
        raise _garbled(digits) from None


def _garbled(line: str) -> Gone:
    return Gone(f"answered {line!r}, which is no answer")
