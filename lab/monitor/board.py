"""The board that commands set up, over the built-in engine's machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from lab.engines.builtin import repl
from lab.engines.builtin.description import Description
from lab.engines.builtin.machine import BuiltinMachine
from lab.errors import ConfigurationError
from lab.image import Image
from lab.monitor import sensors
from lab.monitor.actions import action
from lab.monitor.core import Core
from lab.monitor.system_bus import SystemBus
from lab.signals.signal import Signal

_NONE: Mapping[str, object] = MappingProxyType({})


class Board:
    """The object `machine`. `on_reset` is called at the end of a reset, as Renode runs the macro of that name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.uart = ""
        self.uarts: list[str] = []
        self.on_reset: Callable[[], None] = lambda: None
        self._machine: BuiltinMachine | None = None
        self._firmware: Image | None = None
        self._fed: list[tuple[str, Signal]] = []
        self._before_reset_ns = 0
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
        """The emulated board. Raises ConfigurationError before LoadPlatformDescription."""
        if self._machine is None:
            raise _too_early("platform", "machine LoadPlatformDescription @board.repl")
        return self._machine

    @property
    def firmware(self) -> Image:
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

    @property
    def time_ms(self) -> float:
        """Virtual time since the board was made, in milliseconds: a reset does not turn it back."""
        return (self._before_reset_ns + self.machine.counters().time_ns) / 1e6

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
        cpu, self.uarts = _only(description, "CPU."), _some(description, "UART.")
        self.uart = self.uarts[0]
        fed = sensors.of(self, description)
        self._machine = BuiltinMachine(description, cpu=cpu, uart=self.uart, sensors={path: path for path in fed})
        without_actions = {description.path(name): object() for name in description.entries}
        self._objects = {**without_actions, **fed, cpu: Core(self), repl.SYSTEM_BUS: SystemBus(self)}

    @action("Reset")
    def reset(self) -> None:
        """Back to the state before the first instruction, with the same firmware and nothing to hear or feel."""
        self._fed.clear()
        if self._firmware is not None:
            self._before_reset_ns += self.machine.counters().time_ns
            self.machine.load(self._firmware)
        self.on_reset()

    def load(self, firmware: Image) -> None:
        """Put firmware in place; what the sensors were given stays, as in Renode."""
        if self.machine and self._firmware is not None and self.machine.counters().time_ns:
            raise ConfigurationError(
                "The built-in engine loads no ELF file into firmware that is running.",
                remedy="Type `machine Reset` first.",
                code="monitor-command",
            )
        self.machine.load(firmware)
        self._firmware = firmware
        for path, signal in self._fed:
            self.machine.play(signal, path)

    def listen_to(self, uart: str) -> None:
        """Take the lines of another of its UARTs; the first is taken otherwise."""
        self.uart = uart
        self.machine.listen_to(uart)

    def feed(self, path: str, signal: Signal) -> None:
        """Let the sensor deliver this after what it was given before."""
        self._fed.append((path, signal))
        self.machine.play(signal, path)


def _of(description: Description, kind: str) -> list[str]:
    """Full paths of the entries whose type is of that namespace."""
    return [description.path(name) for name, entry in description.entries.items() if entry.type.startswith(kind)]


def _some(description: Description, kind: str) -> list[str]:
    found = _of(description, kind)
    if not found:
        raise _needs_one(description, kind, 0)
    return found


def _only(description: Description, kind: str) -> str:
    found = _of(description, kind)
    if len(found) != 1:
        raise _needs_one(description, kind, len(found))
    return found[0]


def _needs_one(description: Description, kind: str, found: int) -> ConfigurationError:
    return ConfigurationError(
        f"{description.file} has {found} entries of the kind {kind[:-1]}; the monitor needs one.",
        remedy="Leave the others out of the description.",
        code="monitor-command",
    )


def _no_firmware() -> ConfigurationError:
    return _too_early("firmware", "sysbus LoadELF @firmware.elf")


def _too_early(what: str, command: str) -> ConfigurationError:
    return ConfigurationError(
        f"The machine has no {what} yet.", remedy=f"First type: {command}", code="monitor-command"
    )
