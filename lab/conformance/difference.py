"""The first thing that two observations do not have in common."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from lab.configuration import Frozen
from lab.conformance.observation import Event, Observation, Region
from lab.conformance.observing import MARKS
from lab.elf import Firmware

_NOTHING = "nothing more"
_THUMB, _GE, _ZEROS = 1 << 24, 0xF << 16, 0xF << 20 | 0xF << 16
"""Bits of an xPSR (Arm DDI 0403E, B1.4.2)."""


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
    """The first difference: events in order, a fault, the UART's lines, readings at the end, memory; None if equal.

    Memory is compared where `there` has it, and not after a fault.
    """
    found = _in_events(here, there, firmware) or ending(here, there) or _in_uart(here, there)
    if found or here.fault:
        return found  # where exactly a core that has given up stands is each engine's own affair
    return (
        _in_value("instructions at the end", here.instructions, there.instructions)
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


def ending(here: Observation, there: Observation) -> Difference | None:
    """Whether a fault ended one of them alone; each engine has its own words for a fault."""
    if bool(here.fault) == bool(there.fault):
        return None
    said = (f"fault: {one.fault}" if one.fault else "ran to its end" for one in (here, there))
    return Difference(where="the end of the run", here=next(said), there=next(said), after=_last(here))


def _last(observed: Observation) -> str:
    return observed.events[-1].what if observed.events else ""


def _in_value(where: str, ours: int, theirs: int) -> Difference | None:
    return None if ours == theirs else Difference(where=where, here=f"{ours:,}", there=f"{theirs:,}")


def _in_memory(here: Observation, there: Observation, firmware: Firmware) -> Difference | None:
    for region in there.memory:
        ours = _part(here, region)
        if not ours:
            return Difference(
                where=f"memory at 0x{region.address:08x}", here="none", there=f"{len(region.data):,} bytes"
            )
        words = [np.frombuffer(data, "<u4") for data in (ours, region.data)]
        different = np.flatnonzero((words[0] != words[1]) & ~_stacked_without_flags(*words))
        if different.size:
            index = int(different[0])
            return Difference(
                where=f"memory at {_named(region.address + 4 * index, firmware)}",
                here=f"0x{words[0][index]:08x}",
                there=f"0x{words[1][index]:08x}",
            )
    return None


def _stacked_without_flags(ours: NDArray[np.uint32], theirs: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Words that are an xPSR that an exception stacked, with the GE flags here and without them there.

    Renode forgets the flags (probe ge_flags); what it leaves on the stack tells of nothing else.
    """
    looks_like_one = (theirs & (_ZEROS | _THUMB)) == _THUMB
    found: NDArray[np.bool_] = looks_like_one & ((ours & ~np.uint32(_GE)) == theirs)
    return found


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
