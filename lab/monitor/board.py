"""The board that commands set up, over the built-in engine's machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from lab.engines.builtin import catalogue, repl
from lab.engines.builtin.description import Description, Entry, Range
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.machine import Counters
from lab.errors import ChipReset, ConfigurationError, FirmwareError
from lab.image import Image, Symbol
from lab.monitor import sensors
from lab.monitor.actions import action
from lab.monitor.core import Core, CortexMCore, RiscvCore
from lab.monitor.finding import Files
from lab.monitor.peripheral import AccessibleMemory, Button, Device, Light
from lab.monitor.system_bus import SystemBus
from lab.signals.signal import Signal

Result = TypeVar("Result")
Act = Callable[[BuiltinMachine], object]

_NONE: Mapping[str, object] = MappingProxyType({})
_NOTHING = Image(Path("no firmware"), ())
_MOST_RESETS = 1000
"""In one run."""

_TEXT = "the text of LoadPlatformDescriptionFromString"


class Board:
    """The object `machine`. `on_reset` is called at the end of a reset, as Renode runs the macro of that name.

    `hear` is given what each device sends, and ends a run where it answers true. With `stub` there are stubs in the
    places of devices without a model.

    A description may come in parts: the machine is made anew with each, as long as it has not run, and what was done
    to the one before is done again.
    """

    def __init__(self, name: str, files: Files, hear: Callable[[str, bytes], bool], stub: bool = False) -> None:
        self.name = name
        self.uart = ""
        self.uarts: list[str] = []
        self.stepped = False
        self.on_reset: Callable[[], None] = lambda: None
        self._files = files
        self._hear = hear
        self._stub = stub
        self._description: Description | None = None
        self._machine: BuiltinMachine | None = None
        self._core: Core | None = None
        self._mips: int | None = None
        self._loaded: list[tuple[Image, bool]] = []
        self._fed: list[tuple[str, Signal]] = []
        self._done: list[Act] = []
        self._pc: int | None = None
        self._table: int | None = None
        self._begin: Act | None = None
        self._reset_at = Counters(0, None, 0)
        self._objects = _NONE

    @property
    def objects(self) -> Mapping[str, object]:
        """Everything that commands can name, by its full path."""
        return {"machine": self, **self._objects}

    @property
    def devices(self) -> list[str]:
        """Full paths of what the platform has."""
        return sorted(self._objects)

    @property
    def machine(self) -> BuiltinMachine:
        """The emulated board. Raises ConfigurationError before LoadPlatformDescription, and before it has a core."""
        if self._machine is None and self._description is not None:
            self._make()
        if self._machine is None:
            raise _no_platform()
        return self._machine

    @property
    def core(self) -> Core:
        """Its core. Raises ConfigurationError as `machine` does."""
        if self._core is None:
            raise _no_platform()
        return self._core

    @property
    def lights(self) -> dict[str, Light]:
        """Its lights by their full paths."""
        return {path: found for path, found in self._objects.items() if isinstance(found, Light)}

    @property
    def ready(self) -> BuiltinMachine:
        """The emulated board with something to run. Raises ConfigurationError while one of the two is missing."""
        machine = self.machine
        if not self._done and not self.has_run:
            raise _no_firmware()
        self._start(machine)
        return machine

    @property
    def time_ms(self) -> float:
        """Virtual time since the board was made, in milliseconds: a reset does not turn it back."""
        return self.machine.counters().time_ns / 1e6

    @property
    def has_run(self) -> bool:
        """Whether time has passed since the board was made, or since its reset."""
        if self._machine is None:
            return False
        counters, before = self._machine.counters(), self._reset_at
        return counters.instructions > before.instructions or counters.time_ns > before.time_ns

    @property
    def instructions(self) -> int:
        """Those that it has executed since its reset."""
        return self.machine.counters().instructions - self._reset_at.instructions

    def run(self, seconds: float) -> bool:
        """Let virtual time pass; whether somebody who hears what is sent has ended it.

        A reset that firmware or a watchdog asks for is one by `machine Reset`. Raises what Machine.run raises, and
        FirmwareError for resets without end.
        """
        machine = self.ready
        end_ns = machine.counters().time_ns + round(seconds * 1e9)
        for _ in range(_MOST_RESETS):
            try:
                return machine.run(limit=(end_ns - machine.counters().time_ns) / 1e9).line is not None
            except ChipReset as reset:
                last = reset
                self.reset()
                machine = self.ready
        raise FirmwareError(
            f"The board is reset again and again: {_MOST_RESETS} times in {seconds:g} s, and the last time so. "
            f"{last.message}",
            remedy="Look for the reason in its last lines.",
            details=last.details,
            code="endless-resets",
        )

    def symbol(self, name: str) -> Symbol:
        """That of the firmware that was loaded last. Raises ConfigurationError before LoadELF, and without one."""
        images = [image for image, _ in self._loaded]
        if not images:
            raise _no_firmware()
        has_it = (image for image in reversed(images) if any(one.name == name for one in image.symbols))
        return next(has_it, images[-1]).symbol(name)

    def close(self) -> None:
        """Free the emulated board."""
        if self._machine is not None:
            self._machine.close()

    @action("LoadPlatformDescription")
    def load_platform(self, file: Path) -> str:
        """Add what a .repl describes; with stubs it is told which."""
        return self._extend(repl.read(file, onto=self._description, below=self._files.folders))

    @action("LoadPlatformDescriptionFromString")
    def load_platform_text(self, text: str) -> str:
        """Add what a text describes; with stubs it is told which."""
        return self._extend(repl.read_text(text, _TEXT, onto=self._description, below=self._files.folders))

    @action("EnableProfiler")
    def enable_profiler(self, file: Path) -> str:
        """No test depends on what Renode would write there; nothing is written."""
        return f"The built-in engine writes no {file.name}; `lab profile` shows where time goes.\n"

    @action("Reset")
    def reset(self) -> None:
        """Devices as at power-on, with nothing to hear or feel; memories keep what they hold. The core starts anew."""
        self._fed.clear()
        self._done.clear()
        self._pc = self._table = None
        if self._machine is not None:
            self._machine.restart()
            self._reset_at = self._machine.counters()
            if self._begin is not None:
                self.start_from(None)
        self.on_reset()

    def do(self, act: Callable[[BuiltinMachine], Result]) -> Result:
        """Do something with the machine; again, if it is made anew before it runs."""
        result = act(self.machine)
        if not self.has_run:
            self._done.append(act)
        return result

    def load(self, image: Image, *, begins: bool = True) -> None:
        """Put firmware in place, beside what is there; what the sensors were given stays, as in Renode.

        The core begins in what `begins`.
        """
        machine = self.machine
        if self.has_run:
            raise ConfigurationError(
                "The built-in engine loads no file into firmware that is running.",
                remedy="Type `machine Reset` first.",
                code="monitor-command",
            )
        machine.add(image)
        self._loaded.append((image, begins))
        self._done.append(lambda machine: machine.add(image))
        if begins:
            self.start_from(self._table)

    def start_from(self, table: int | None) -> None:
        """Let the core begin at that vector table, or where the firmware says; where it was told to, if it was."""
        self._table = table
        images, pc = [image for image, begins in self._loaded if begins], self._pc

        def begin(machine: BuiltinMachine) -> None:
            machine.begin(_joined(images) if table is None else table)
            if pc is not None:
                machine.set_register("pc", pc)

        self._begin = begin
        self.do(begin)

    def begin_at(self, address: int) -> None:
        """Set the program counter."""
        self._pc = address
        self.do(lambda machine: machine.set_register("pc", address))

    def feed(self, path: str, signal: Signal) -> None:
        """Let the sensor deliver this after what it was given before."""
        self.machine.play(signal, path)
        self._fed.append((path, signal))

    def type(self, uart: str, data: bytes) -> None:
        """Let bytes arrive at a UART. Raises ConfigurationError where it receives nothing."""
        self.do(lambda machine: machine.receive(data, uart.rpartition(".")[2]))

    def set_speed(self, mips: int) -> None:
        """Make the core so fast. Raises ConfigurationError once time has passed."""
        self._refuse_if_it_has_run("The speed of a core")
        self._mips = mips
        if self._machine is not None:
            self._make()

    def _extend(self, description: Description) -> str:
        known = self._machine.bus.stubbed if self._machine else []
        self._refuse_if_it_has_run("A board's description")
        before, self._description = self._description, description
        try:
            if _of(description, "CPU."):
                self._make()
        except ConfigurationError:
            self._description = before
            raise
        new = [one for one in (self._machine.bus.stubbed if self._machine else []) if one not in known]
        return "".join(f"stub: {one}\n" for one in new)

    def _refuse_if_it_has_run(self, what: str) -> None:
        if self.has_run:
            raise ConfigurationError(
                f"{what} cannot change after time has passed on it.",
                remedy="Describe the whole board first, or begin with a new machine: `Reset Emulation` in a suite.",
                code="monitor-command",
            )

    def _make(self) -> None:
        """Build the machine, and do to it what was done to the one before."""
        description = self._description
        if description is None:
            raise _no_platform()
        cpu, uarts = _only_core(description), _of(description, "UART.")
        fed = sensors.of(self, description)
        machine = BuiltinMachine(
            description,
            cpu=cpu,
            uart=next(iter(uarts), None),
            sensors={path: path for path in fed},
            mips=self._mips,
            hear=self._hear,
            stub=self._stub,
        )
        try:
            machine.load(_NOTHING)
            for path, signal in self._fed:
                machine.play(signal, path)
            for act in self._done:
                act(machine)
        except BaseException:
            machine.close()
            raise
        self.close()
        self._machine, self.uarts = machine, uarts
        self.uart = next(iter(uarts), "")
        self._core = (CortexMCore if machine.kind.reads_vectors else RiscvCore)(self, cpu)
        self._objects = {**_parts(self, description), **fed, cpu: self._core, repl.SYSTEM_BUS: SystemBus(self)}

    def _start(self, machine: BuiltinMachine) -> None:
        """Before the first instruction, where nobody said where that is: a vector table may have been written since."""
        if self._pc is None and not self.has_run and machine.kind.reads_vectors:
            (self._begin or (lambda machine: machine.begin(0)))(machine)


def _joined(images: Sequence[Image]) -> Image:
    """Several as one: it begins where the last one does."""
    last = images[-1]
    return Image(last.path, [part for image in images for part in image.segments], entry=last.entry)


_KINDS: dict[str, type[Device]] = {"Miscellaneous.Button": Button, "Miscellaneous.LED": Light}
"""Devices for which there is more to do than to read and write registers."""


def _parts(board: Board, description: Description) -> dict[str, object]:
    """What commands can do with the devices and memories of a board, by their full paths."""
    found: dict[str, object] = {}
    for name, entry in description.entries.items():
        path = description.path(name)
        if catalogue.is_device(entry):
            found[path] = _KINDS.get(entry.type, Device)(board, path)
        elif entry.type.startswith("Memory.") and (bases := _bases(entry)):
            found[path] = AccessibleMemory(board, path, bases[0])
        else:
            found[path] = object()
    return found


def _bases(memory: Entry) -> list[int]:
    """Where it begins: at several places, or, of one that is registered nowhere, at none."""
    points = [one.point for one in memory.registrations]
    return [one.start if isinstance(one, Range) else one for one in points if one is not None]


def _of(description: Description, kind: str) -> list[str]:
    """Full paths of the entries whose type is of that namespace."""
    return [description.path(name) for name, entry in description.entries.items() if entry.type.startswith(kind)]


def _only_core(description: Description) -> str:
    found = _of(description, "CPU.")
    if len(found) != 1:
        raise ConfigurationError(
            f"{description.file} has {len(found)} entries of the kind CPU; the monitor needs one.",
            remedy="Leave the others out of the description.",
            code="monitor-command",
        )
    return found[0]


def _no_platform() -> ConfigurationError:
    return _too_early("platform", "machine LoadPlatformDescription @board.repl")


def _no_firmware() -> ConfigurationError:
    return _too_early("firmware", "sysbus LoadELF @firmware.elf")


def _too_early(what: str, command: str) -> ConfigurationError:
    return ConfigurationError(
        f"The machine has no {what} yet.", remedy=f"First type: {command}", code="monitor-command"
    )
