"""Packets as bytes: `$data#checksum`, acknowledged with `+` or `-`. GDB manual, appendix E.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto

LONGEST = 1 << 14
"""Bytes of a packet's data, either way; `qSupported` says so."""

_ESCAPED = re.compile(rb"\}(.)", re.DOTALL)
_TO_ESCAPE = re.compile(rb"[#$}*]")
_INTERRUPT = b"\x03"
_BEGINS = re.compile(rb"[$\x03-]")


class Signal(Enum):
    """What arrives besides packets."""

    INTERRUPT = auto()
    DAMAGED = auto()
    AGAIN = auto()
    """The last packet did not arrive."""


class TooLong(Exception):
    """A packet beyond `LONGEST`: whoever sends it is no GDB."""


class Frames:
    """Bytes in, packets out; keeps what is not whole yet, which is never more than a packet."""

    def __init__(self) -> None:
        self._rest = b""

    def add(self, data: bytes) -> Iterator[bytes | Signal]:
        """The data of each packet that is whole now, without escapes. Raises TooLong."""
        self._rest += data
        while (begins := _BEGINS.search(self._rest)) is not None:
            if begins[0] != b"$":
                self._rest = self._rest[begins.end() :]
                yield Signal.INTERRUPT if begins[0] == _INTERRUPT else Signal.AGAIN
                continue
            self._rest = self._rest[begins.start() :]
            body, mark, after = self._rest[1:].partition(b"#")
            if len(body) > LONGEST:
                self._rest = b""
                raise TooLong
            if not mark or len(after) < 2:
                return  # the rest is to come
            self._rest = after[2:]
            yield _ESCAPED.sub(_unescape, body) if after[:2].lower() == checksum(body) else Signal.DAMAGED
        self._rest = b""


def framed(data: bytes) -> bytes:
    """The packet of that data."""
    body = _TO_ESCAPE.sub(lambda found: b"}" + bytes([found[0][0] ^ 0x20]), data)
    return b"$" + body + b"#" + checksum(body)


def checksum(body: bytes) -> bytes:
    """Two digits."""
    return b"%02x" % (sum(body) & 0xFF)


def _unescape(found: re.Match[bytes]) -> bytes:
    return bytes([found[1][0] ^ 0x20])
