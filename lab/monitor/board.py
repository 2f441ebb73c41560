"""The board that commands set up: `machine`, its bus, core and microphone, over the built-in engine's machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lab.elf import Firmware
from lab.engines.builtin import repl
from lab.engines.builtin.description import Description
from lab.engines.builtin.machine import BuiltinMachine
from lab.errors import ConfigurationError, did_you_mean
from lab.monitor.actions import action
from lab.recordings import formats

_SYNC = "self.GetMachine()['sysbus.cpu'].SyncTime()"
_NONE: Mapping[str, object] = MappingProxyType({})


class Board:
    """The object `machine`. `on_reset` is called at the end of a reset, as Renode runs the macro of that name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.uart = ""
        self.on_reset: Callable[[], None] = lambda: None
        self._machine: BuiltinMachine | None = None
        self._firmware: Firmware | None = None
        self._fed: list[tuple[str, NDArray[np.int16]]] = []
        self._objects = _NONE

    @property
    def objects(self) -> Mapping[str, object]:
        """Everything that commands can name, by its full path."""
        return {"machine": self, **self._objects}

    @property
    def machine(self) -> BuiltinMachine:
        """The emulated board. Raises ConfigurationError before LoadPlatformDescription."""
        if self._machine is None:
            raise _too_early("platform", "machine LoadPlatformDescription @board.repl")
        return self._machine

    @property
    def firmware(self) -> Firmware:
        """What was loaded. Raises ConfigurationError before LoadELF."""
        if self._firmware is None:
            raise _no_firmware()
        return self._firmware

    @property
    def ready(self) -> BuiltinMachine:
        """The emulated board with its firmware. Raises ConfigurationError while one of the two is missing."""
        machine = self.machine
        if self._firmware is None:
            raise _no_firmware()
        return machine

    def close(self) -> None:
        """Free the emulated board."""
        if self._machine is not None:
            self._machine.close()

    @action("LoadPlatformDescription")
    def load_platform(self, file: Path) -> None:
        """Build the board that a .repl describes."""
        if self._machine is not None:
            raise ConfigurationError(
                f"{self.name} has its platform already; the built-in engine builds a board from one description.",
                remedy='Put `using "./other.repl"` into that description.',
                code="monitor-command",
            )
        description = repl.read(file)
        cpu, self.uart = _only(description, "CPU."), _only(description, "UART.")
        sounds = _of(description, "Sound.")
        self._machine = BuiltinMachine(description, cpu=cpu, uart=self.uart, sensors={path: path for path in sounds})
        devices = {path: Device() for path in map(description.path, description.entries) if path != repl.SYSTEM_BUS}
        microphones = {path: Microphone(self, path) for path in sounds}
        self._objects = {repl.SYSTEM_BUS: SystemBus(self, devices), **devices, **microphones, cpu: Core(self)}

    @action("Reset")
    def reset(self) -> None:
        """Back to the state before the first instruction, with the same firmware and nothing to hear."""
        self._fed.clear()
        if self._firmware is not None:
            self.machine.load(self._firmware)
        self.on_reset()

    def load(self, firmware: Firmware) -> None:
        """Put firmware in place; what the microphone was given stays, as in Renode."""
        if self.machine and self._firmware is not None and self.machine.counters().time_ns:
            raise ConfigurationError(
                "The built-in engine loads no ELF file into firmware that is running.",
                remedy="Type `machine Reset` first.",
                code="monitor-command",
            )
        self.machine.load(firmware)
        self._firmware = firmware
        for path, samples in self._fed:
            self.machine.play(samples, path)

    def feed(self, path: str, samples: NDArray[np.int16]) -> None:
        """Let the microphone hear these after what it was given before."""
        self._fed.append((path, samples))
        self.machine.play(samples, path)


class Device:
    """A device without actions, which other commands may name."""


class SystemBus:
    """The object `sysbus`."""

    def __init__(self, board: Board, devices: Mapping[str, Device]) -> None:
        self._board = board
        self._devices = devices

    @action("LoadELF")
    def load_elf(self, file: Path) -> None:
        """Load firmware; the vector table is at its lowest address."""
        self._board.load(Firmware(file))

    @action("GetSymbolAddress")
    def symbol_address(self, name: str) -> str:
        """Where a symbol of the firmware is."""
        return f"0x{self._board.firmware.symbol(name).address:016X}\n"

    @action("ReadDoubleWord")
    def read_word(self, address: int) -> str:
        """The 32 bits at an address of a memory."""
        return f"0x{int.from_bytes(self._board.machine.read(address, 4), 'little'):08X}\n"

    @action("WriteDoubleWord")
    def write_word(self, address: int, value: int) -> None:
        """Set the 32 bits at an address of a memory, flash included."""
        self._board.machine.write(address, value.to_bytes(4, "little"))

    @action("SetHookBeforePeripheralWrite")
    def set_write_hook(self, device: str, script: str) -> None:
        """Time is synchronised before each write to a device anyway."""
        if device not in self._devices:
            raise ConfigurationError(
                f"There is no {device!r} on this board.{did_you_mean(device, self._devices)}",
                remedy=f"Known: {', '.join(sorted(self._devices))}.",
                code="monitor-command",
            )
        if script != _SYNC:
            raise ConfigurationError(
                f"The built-in engine runs no Python in its devices: {script}",
                remedy=f'The one hook it knows, because it does so by itself, is "{_SYNC}".',
                code="monitor-command",
            )


class Core:
    """The object `sysbus.cpu`."""

    def __init__(self, board: Board) -> None:
        self._board = board

    @action("ExecutedInstructions")
    def executed_instructions(self) -> str:
        """Instructions since reset."""
        return f"0x{self._board.machine.counters().instructions:016X}\n"

    @action("VectorTableOffset")
    def set_vector_table(self, address: int) -> None:
        """The built-in engine starts from the lowest address of the firmware."""
        lowest = min(segment.address for segment in self._board.firmware.segments)
        if address != lowest:
            raise ConfigurationError(
                f"The vector table cannot be at {address:#x}: the built-in engine takes the firmware's lowest address.",
                remedy=f"That is {lowest:#x} here.",
                code="monitor-command",
            )


class Microphone(Device):
    """A device that hears raw sound."""

    def __init__(self, board: Board, path: str) -> None:
        self._board = board
        self._path = path

    @action("SetInputFile")
    def set_input_file(self, file: Path, channel: str = "Left", repeat: int = 1) -> None:
        """Queue a file of int16 little-endian samples, without a header, `repeat` times."""
        if channel != "Left":
            raise ConfigurationError(
                f"The built-in engine's microphone is mono: there is no channel {channel}.",
                remedy="Use Left.",
                code="monitor-command",
            )
        self._board.feed(self._path, np.tile(_samples(file), repeat))


def _samples(file: Path) -> NDArray[np.int16]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise formats.broken(file, f"cannot be read: {error.strerror}") from error
    if len(content) % 2:
        raise formats.broken(file, f"is truncated: {len(content):,} bytes are no whole number of 16-bit samples")
    return np.frombuffer(content, dtype="<i2").astype(np.int16)


def _of(description: Description, kind: str) -> list[str]:
    """Full paths of the entries whose type is of that namespace."""
    return [description.path(name) for name, entry in description.entries.items() if entry.type.startswith(kind)]


def _only(description: Description, kind: str) -> str:
    found = _of(description, kind)
    if len(found) != 1:
        raise ConfigurationError(
            f"{description.file} has {len(found)} entries of the kind {kind[:-1]}; the monitor needs one.",
            remedy="Leave the others out of the description.",
            code="monitor-command",
        )
    return found[0]


def _no_firmware() -> ConfigurationError:
    return _too_early("firmware", "sysbus LoadELF @firmware.elf")


def _too_early(what: str, command: str) -> ConfigurationError:
    return ConfigurationError(
        f"The machine has no {what} yet.", remedy=f"First type: {command}", code="monitor-command"
    )
