"""The functions behind a Cortex-M's vector table."""

from __future__ import annotations

import struct

from lab.elf import Firmware

_SYSTEM, _MOST = 16, 16 + 240
_THUMB = 1


def names(firmware: Firmware) -> list[str]:
    """The handlers that the image's first vector table points to, each once, without that of reset."""
    functions = {symbol.address | _THUMB: symbol.name for symbol in firmware.symbols if symbol.is_function}
    found: dict[str, None] = {}
    for number, address in enumerate(_table(firmware)):
        if address and address not in functions and number >= _SYSTEM:
            break  # no vector: the table is over
        if number > 1 and address in functions:
            found[functions[address]] = None
    return [name for name in found if name != functions.get(_table(firmware)[1])]


def _table(firmware: Firmware) -> tuple[int, ...]:
    first = min(firmware.segments, key=lambda segment: segment.address)
    count = min(_MOST, len(first.data) // 4)
    return struct.unpack_from(f"<{count}I", first.data)
