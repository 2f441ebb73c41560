"""The recorder's lines in a log: those that are whole, by dump, and how many were damaged on the way.

`#FR:dump:sequence:payload:crc`, as docs/device-protocol.md has it. Anything may stand before and behind one in a line,
such as the time that a terminal puts there, and any other lines between them.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

BEGINS = "#FR:"

_LINE = re.compile(r"#(FR:([0-9a-f]{4}):([0-9a-f]{6}):([A-Za-z0-9+/]{4,256}={0,2})):([0-9a-f]{8})(?![0-9a-f])")
_MOST_PIECES = 2**20
"""Of a dump: far more than any device has memory for."""


@dataclass(frozen=True)
class Piece:
    """The payload of a line that arrived whole."""

    dump: int
    sequence: int
    payload: bytes

    @property
    def kind(self) -> str:
        """H, L, I, S or E."""
        return chr(self.payload[0])


@dataclass
class Pieces:
    """Of one dump, in the order in which they were sent; `damaged` lines came between them."""

    pieces: list[Piece] = field(default_factory=list)
    damaged: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether its last line has arrived."""
        return bool(self.pieces) and self.pieces[-1].kind == "E"


class Listener:
    """Takes line after line, and sorts them into `dumps`; `others` is called with those that are not the recorder's.

    A device that was started anew begins to count anew.
    """

    def __init__(self) -> None:
        self.dumps: list[Pieces] = []
        self._damaged = 0

    def add(self, line: str) -> Piece | None:
        """The piece that a line holds, None if there is none or it was damaged."""
        if BEGINS not in line:
            return None
        piece = parsed(line)
        if piece is None:
            self._note_damage()
            return None
        if self._is_of_another(piece):
            self.dumps.append(Pieces(damaged=self._damaged))
            self._damaged = 0
        current = self.dumps[-1]
        is_there = bool(current.pieces) and current.pieces[-1].sequence == piece.sequence
        if not is_there and len(current.pieces) < _MOST_PIECES:
            current.pieces.append(piece)
        return piece

    def _note_damage(self) -> None:
        if self.dumps and not self.dumps[-1].is_whole:
            self.dumps[-1].damaged += 1
        else:
            self._damaged += 1

    def _is_of_another(self, piece: Piece) -> bool:
        if not self.dumps:
            return True
        last = self.dumps[-1].pieces[-1]
        return last.dump != piece.dump or piece.sequence < last.sequence


def heard(lines: Iterable[str]) -> list[Pieces]:
    """Every dump in a log."""
    listener = Listener()
    for line in lines:
        listener.add(line)
    return listener.dumps


def parsed(line: str) -> Piece | None:
    """The piece in a line, None if there is no whole one."""
    for found in _LINE.finditer(line):
        text, dump, sequence, payload, crc = found.groups()
        if zlib.crc32(text.encode("ascii")) != int(crc, 16):
            continue
        try:
            content = base64.b64decode(payload, validate=True)
        except binascii.Error:
            continue
        if content and content[0] < 0x80:
            return Piece(int(dump, 16), int(sequence, 16), content)
    return None


def texts(content: bytes) -> Iterator[str]:
    """The lines of a captured log, whatever bytes are in it."""
    for line in content.decode("utf-8", "replace").replace("\r", "\n").split("\n"):
        if line:
            yield line
