"""What a machine did while it ran one firmware: the values that two engines must agree on."""

from __future__ import annotations

import base64
import zlib
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, PlainSerializer

from lab.configuration import Frozen

_MOST_BYTES = 16 * 2**20  # of one memory, or of a probe's ELF


class Event(NamedTuple):
    """Execution reached a handler or a mark (`mark:3`): instructions executed before, and virtual time, since reset."""

    what: str
    instructions: int
    time_ns: int

    def __str__(self) -> str:
        return f"{self.what} at instruction {self.instructions:,}, {self.time_ns:,} ns"


def _packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 9)).decode()


def _unpacked(value: object) -> object:
    if not isinstance(value, str):
        return value
    packed = zlib.decompressobj()
    try:
        data = packed.decompress(base64.b64decode(value, validate=True), _MOST_BYTES)
    except zlib.error as error:
        raise ValueError(f"cannot be decompressed: {error}") from None
    if not packed.eof:
        raise ValueError(f"is cut short, or has more than {_MOST_BYTES:,} bytes")
    return data


def _event(value: object) -> object:
    return value.split(" ") if isinstance(value, str) else value


Packed = Annotated[bytes, BeforeValidator(_unpacked), PlainSerializer(_packed)]
"""Bytes that JSON holds compressed (zlib) and in Base64."""

Line = Annotated[Event, BeforeValidator(_event), PlainSerializer(lambda event: " ".join(map(str, event)))]
"""An event that JSON holds as `SysTick_Handler 42 250000`, so that a record has one a line."""


class Region(Frozen):
    """Memory from `address` on."""

    address: int
    data: Packed


class Observation(Frozen):
    """Events in order, lines of the UART, and readings at the end of the run.

    `fault` says why the machine stopped before the end, where it did.
    """

    events: tuple[Line, ...]
    uart: tuple[str, ...]
    instructions: int
    time_ns: int
    memory: tuple[Region, ...]
    fault: str = ""
