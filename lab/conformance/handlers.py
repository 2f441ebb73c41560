"""The functions that interrupts and faults enter."""

from __future__ import annotations

import struct

from lab.elf import Firmware

_SYSTEM, _MOST = 16, 16 + 240
_THUMB = 1
_TRAP_HANDLERS = ("trap_handler", "handle_interrupt")
"""Of the probes, and of the lab's firmware."""


def names(firmware: Firmware) -> list[str]:
    """The handlers in the image's vector table, each once, without that of reset.

    An image without vectors is a RISC-V's, where the firmware says in `mtvec` who handles traps: there it is each
    function of a known name, in whatever case.
    """
    vectors = _vectors(firmware)
    if vectors:
        return list(dict.fromkeys(name for name in vectors[1:] if name != vectors[0]))
    return [one.name for one in firmware.symbols if one.is_function and one.name.lower() in _TRAP_HANDLERS]


def _vectors(firmware: Firmware) -> list[str]:
    """The functions in the table at the start of the image, that of reset first; nothing if there is no table."""
    functions = {symbol.address | _THUMB: symbol.name for symbol in firmware.symbols if symbol.is_function}
    found = []
    for number, address in enumerate(_table(firmware)[1:], start=1):
        if address in functions:
            found.append(functions[address])
        elif number == 1 or (address and number >= _SYSTEM):
            break  # no vector: there is no table, or it is over
    return found


def _table(firmware: Firmware) -> tuple[int, ...]:
    first = min(firmware.segments, key=lambda segment: segment.address)
    return struct.unpack_from(f"<{min(_MOST, len(first.data) // 4)}I", first.data)
