"""What makes Renode deterministic, as commands of its monitor: the same as in the `.resc` beside each description."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lab.engines.builtin import catalogue
from lab.engines.builtin.description import Description
from lab.engines.builtin.repl import SYSTEM_BUS
from lab.engines.renode.console import quoted

QUANTUM_NS = 100_000
"""Of virtual time between synchronisations. WFI with a masked interrupt pending sleeps until the next, so it counts."""

MONITOR_COMMANDS = Path(__file__).with_name("monitor_commands.py")


def commands(
    description: Description, cpu: str, *, platform: Path, log: Path, more: Path, mips: int | None = None
) -> Iterator[str]:
    """Set up an empty Renode: one machine of the description in the file `platform`, and the lab's own commands.

    `more` is where those are, a copy of MONITOR_COMMANDS; `log` is where Renode is to write its log. `mips` goes before
    what the description says of the core.
    A timer counts from the last time its core's clock was synchronised; with the hooks that is the store that starts
    it, whatever the quantum. They are on every device of the bus, because any may arm one.
    """
    yield f"logFile {quoted(log)} true"
    yield "logLevel 2"
    yield "emulation SetGlobalAdvanceImmediately true"
    yield "emulation SetGlobalSerialExecution true"
    yield f'emulation SetGlobalQuantum "{QUANTUM_NS / 1e9:.9f}"'
    yield "emulation SetSeed 0"
    yield 'mach create "board"'
    yield 'macro reset "# the lab loads the image itself"'
    yield f"machine LoadPlatformDescription {quoted(platform)}"
    if mips is not None:
        yield f"{cpu} PerformanceInMips {mips}"
    for device in _on_the_bus(description):
        yield f"sysbus SetHookBeforePeripheralWrite {device} \"self.GetMachine()['{cpu}'].SyncTime()\""
    yield f"include {quoted(more)}"


def _on_the_bus(description: Description) -> Iterator[str]:
    for entry in description.entries.values():
        if catalogue.is_device(entry) and any(one.parent == SYSTEM_BUS for one in entry.registrations):
            yield description.path(entry.name)
