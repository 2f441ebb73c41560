"""Running a case on a machine, and keeping all that two engines must agree on."""

from __future__ import annotations

from lab.conformance import handlers
from lab.conformance.case import Case
from lab.conformance.observation import Event, Observation, Region
from lab.elf import Firmware
from lab.engines.builtin import repl
from lab.engines.machine import Machine, Mark
from lab.errors import FirmwareError
from lab.target import Target

MARKS = ("mark", "lab_mark")
"""Functions whose argument names a place in the firmware: of the probes, and of the lab's firmware."""


def observe(machine: Machine, case: Case) -> Observation:
    """Load, run to the end of the case, read everything. A fault ends the run and is part of what was observed.

    Raises EngineError, and what `prepare` raises.
    """
    prepare(machine, case)
    fault = ""
    try:
        machine.run(limit=case.seconds)
    except FirmwareError as ended:
        fault = ended.message
    counters = machine.counters()
    return Observation(
        events=tuple(map(event, machine.marks())),
        uart=tuple(machine.lines()),
        instructions=counters.instructions,
        time_ns=counters.time_ns,
        memory=tuple(
            Region(address=address, data=machine.read(address, size))
            for address, size in _written(case.target, case.firmware)
        ),
        fault=fault,
    )


def prepare(machine: Machine, case: Case) -> None:
    """Load the firmware, queue what it hears, watch marks and handlers.

    Raises DeviceFault for an image that does not fit the board, ConfigurationError for a sensor that it has not.
    """
    machine.load(case.firmware)
    if case.parameters is not None:
        case.parameters.put(machine, case.firmware)
    for stimulus in case.stimuli:
        machine.play(stimulus.signal, stimulus.sensor)
    for symbol in _watched(case.firmware):
        machine.watch(symbol)


def event(mark: Mark) -> Event:
    """A mark of the machine as an event."""
    what = f"{mark.symbol}:{mark.argument}" if mark.symbol in MARKS else mark.symbol
    return Event(what, mark.counters.instructions, mark.counters.time_ns)


def _watched(firmware: Firmware) -> list[str]:
    known = {symbol.name for symbol in firmware.symbols if symbol.is_function}
    return [*(mark for mark in MARKS if mark in known), *handlers.names(firmware)]


def _written(target: Target, firmware: Firmware) -> list[tuple[int, int]]:
    """Address and size of each memory of the platform in which the firmware keeps what it writes."""
    return [
        (point, size)
        for point, size in _memories(target)
        if any(section.writable and point <= section.address < point + size for section in firmware.sections)
    ]


def _memories(target: Target) -> list[tuple[int, int]]:
    found = []
    for entry in repl.read(target.repl).entries.values():
        size = entry.attributes["size"].value if entry.type == "Memory.MappedMemory" else None
        if isinstance(size, int):
            found += [(at.point, size) for at in entry.registrations if isinstance(at.point, int)]
    return found
