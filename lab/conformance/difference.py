"""The first thing that two observations do not have in common."""

from __future__ import annotations

from itertools import zip_longest

from lab.configuration import Frozen
from lab.conformance.observation import Event, Observation, Region
from lab.conformance.observing import MARKS
from lab.elf import Firmware

_NOTHING = "nothing more"


class Difference(Frozen):
    """`where` it is, what each side has there, the event before it, and the source line where there is one.

    `here` is the engine that is tested, `there` the one that it is held against.
    """

    where: str
    here: str
    there: str
    after: str = ""
    line: str = ""


def first(here: Observation, there: Observation, firmware: Firmware) -> Difference | None:
    """The first difference: events in order, faults, the UART's lines, readings at the end, memory; None if equal.

    Memory is compared where `there` has it.
    """
    return (
        _in_events(here, there, firmware)
        or _in_value("end of the run", here.fault and f"fault: {here.fault}", there.fault and f"fault: {there.fault}")
        or _in_uart(here, there)
        or _in_value("instructions at the end", here.instructions, there.instructions)
        or _in_value("virtual time at the end, ns", here.time_ns, there.time_ns)
        or _in_memory(here, there, firmware)
    )


def _in_events(here: Observation, there: Observation, firmware: Firmware) -> Difference | None:
    for number, (ours, theirs) in enumerate(zip_longest(here.events, there.events), start=1):
        if ours != theirs:
            before = here.events[number - 2].what if number > 1 else ""
            return Difference(
                where=f"event {number:,}",
                here=_said(ours, here),
                there=_said(theirs, there),
                after=before,
                line=_line(ours or theirs, firmware),
            )
    return None


def _said(event: Event | None, observed: Observation) -> str:
    if event is not None:
        return str(event)
    return f"fault: {observed.fault}" if observed.fault else _NOTHING


def _line(event: Event | None, firmware: Firmware) -> str:
    """`file:line` of a handler; a mark's own line would say nothing."""
    symbol = event.what.partition(":")[0] if event else ""
    return firmware.line_at(firmware.symbol(symbol).address) if symbol and symbol not in MARKS else ""


def _in_uart(here: Observation, there: Observation) -> Difference | None:
    for number, (ours, theirs) in enumerate(zip_longest(here.uart, there.uart), start=1):
        if ours != theirs:
            said = (repr(line) if line is not None else _NOTHING for line in (ours, theirs))
            return Difference(where=f"line {number} of the UART", here=next(said), there=next(said))
    return None


def _in_value(where: str, ours: int | str, theirs: int | str) -> Difference | None:
    if ours == theirs:
        return None
    here, there = (f"{value:,}" if isinstance(value, int) else value or "the time limit" for value in (ours, theirs))
    return Difference(where=where, here=here, there=there)


def _in_memory(here: Observation, there: Observation, firmware: Firmware) -> Difference | None:
    for region in there.memory:
        ours = _part(here, region)
        if ours == region.data:
            continue
        if not ours:
            return Difference(
                where=f"memory at 0x{region.address:08x}", here="none", there=f"{len(region.data):,} bytes"
            )
        offset = next(index for index, (a, b) in enumerate(zip(ours, region.data, strict=True)) if a != b) & ~3
        address = region.address + offset
        said = (f"0x{int.from_bytes(data[offset : offset + 4], 'little'):08x}" for data in (ours, region.data))
        return Difference(where=f"memory at {_named(address, firmware)}", here=next(said), there=next(said))
    return None


def _part(observed: Observation, wanted: Region) -> bytes:
    """The bytes that lie where `wanted` does."""
    for region in observed.memory:
        start = wanted.address - region.address
        if 0 <= start <= len(region.data) - len(wanted.data):
            return region.data[start : start + len(wanted.data)]
    return b""


def _named(address: int, firmware: Firmware) -> str:
    for symbol in firmware.symbols:
        if not symbol.is_function and symbol.address <= address < symbol.address + symbol.size:
            return f"0x{address:08x} ({symbol.name}+{address - symbol.address})"
    return f"0x{address:08x}"
