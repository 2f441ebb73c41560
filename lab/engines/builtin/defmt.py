"""Frames of defmt, with which firmware in Rust logs: numbers that stand for texts in the ELF, as lines to read.

The wire format is in the defmt book (https://defmt.ferrous-systems.com), chapters Encoding and Format slices;
versions 3 and 4. Where a frame comes from bytes that were lost or overwritten, it is left out and said so.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from lab.image import Image

_VERSIONS = ("3", "4")
_DEEPEST = 32
_MOST_ELEMENTS = 4096
"""Of all slices of a frame together."""
_LEVELS = {f"defmt_{level}": level.upper() for level in ("trace", "debug", "info", "warn", "error")}
_PRINTS = "defmt_println"
_TIMESTAMP = "defmt_timestamp"
_PIECE = re.compile(r"\{\{|\}\}|\{(\d{0,4})(?:=([^:}]*))?(?::([^}]*))?\}")
_HINT = re.compile(r"(#?)(?:0(\d{1,3}))?(.*)")
_ARRAY = re.compile(r"\[(u8|\?); *(\d{1,9})\]")
_BITS = re.compile(r"(\d{1,3})\.\.(\d{1,3})")
_SECONDS = {"us": 6, "ms": 3, "tus": 6, "tms": 3, "ts": 0}
"""Decimals of a time that a hint asks for."""
_PREFIXES = {"x": "0x", "X": "0x", "o": "0o", "b": "0b"}


class Malformed(Exception):
    """A frame that the table does not explain."""


@dataclass(frozen=True)
class _Parameter:
    index: int
    type: str
    hint: str


@dataclass(frozen=True)
class _Text:
    """A format with what belongs into it."""

    format: str
    arguments: Sequence[_Value]


_Value = bool | int | float | str | bytes | _Text | list[_Text] | tuple[_Text, ...]
"""A list is a slice, a tuple what one `Format` wrote piece by piece."""


class Decoder:
    """For the frames of one channel; `image` is that of the firmware."""

    def __init__(self, image: Image) -> None:
        self._texts: dict[int, tuple[str, str]] = {}  # tag and text
        self._timestamp = ""
        self._raw = any(symbol.name == "_defmt_encoding_ = raw" for symbol in image.symbols)
        version = next((symbol.name for symbol in image.symbols if "_defmt_version_ = " in symbol.name), "")
        self.version = version.rpartition(" ")[2].strip('"')
        if self.version in _VERSIONS:
            self._read_table(image)

    @property
    def knows(self) -> bool:
        """Whether the image has what its frames stand for."""
        return bool(self._texts) and not self._raw

    def lines(self, data: bytes) -> Iterator[str]:
        """The lines of whole frames, each ended by a zero."""
        for frame in data.split(b"\0"):
            if frame:
                try:
                    yield self._line(_unstuffed(frame))
                except Malformed:
                    yield f"(a defmt frame of {len(frame)} bytes that the ELF does not explain)"

    def _read_table(self, image: Image) -> None:
        for symbol in image.symbols:
            if symbol.name.startswith("{"):
                try:
                    entry = json.loads(symbol.name)
                    tag, text = str(entry["tag"]), _encodable(str(entry["data"]))
                except (ValueError, KeyError, TypeError, RecursionError):
                    continue
                if tag == _TIMESTAMP:
                    self._timestamp = text
                elif tag.startswith("defmt_"):
                    self._texts[symbol.address] = (tag, text)

    def _line(self, frame: bytes) -> str:
        reader = _Reader(frame, self._texts)
        tag, text = reader.text()
        if tag not in _LEVELS and tag != _PRINTS:
            raise Malformed
        time = _said(_Text(self._timestamp, reader.arguments(self._timestamp))) if self._timestamp else ""
        said = _said(_Text(text, reader.arguments(text)))
        return " ".join(part for part in (time, _LEVELS.get(tag, ""), said) if part)


def _encodable(text: str) -> str:
    """Without the halves of characters that JSON can name."""
    return text.encode("utf-8", "replace").decode()


def _unstuffed(frame: bytes) -> bytes:
    """Without rzCOBS (https://github.com/Dirbaio/rzcobs), which is read from the end."""
    rest, found = bytearray(frame), bytearray()

    def take(count: int) -> None:
        if count > len(rest):
            raise Malformed
        for _ in range(count):
            found.append(rest.pop())

    while rest:
        code = rest.pop()
        if code == 0xFF:
            take(134)
        elif code >= 0x80:
            found.append(0)
            take(code - 0x80 + 7)
        else:
            for bit in reversed(range(7)):
                if code >> bit & 1:
                    found.append(0)
                else:
                    take(1)
    return bytes(reversed(found))


@cache
def _pieces(text: str) -> tuple[str | _Parameter, ...]:
    """Texts and parameters of a format, in their order."""
    pieces: list[str | _Parameter] = []
    at = following = 0
    for found in _PIECE.finditer(text):
        pieces.append(text[at : found.start()])
        at = found.end()
        if found[0] in ("{{", "}}"):
            pieces.append(found[0][0])
            continue
        index = int(found[1]) if found[1] else following
        following += not found[1]
        pieces.append(_Parameter(index, found[2] or "?", found[3] or ""))
    return (*pieces, text[at:])


@cache
def _wanted(text: str) -> tuple[str, ...]:
    """What is sent for a format: the type of each argument, bit fields of one as `low..high`."""
    types: dict[int, str] = {}
    for piece in _pieces(text):
        if isinstance(piece, _Parameter):
            one, other = _BITS.fullmatch(piece.type), _BITS.fullmatch(types.get(piece.index, ""))
            if one and other:
                types[piece.index] = f"{min(int(one[1]), int(other[1]))}..{max(int(one[2]), int(other[2]))}"
            else:
                types[piece.index] = piece.type
    if sorted(types) != list(range(len(types))):
        raise Malformed
    return tuple(types[index] for index in range(len(types)))


class _Reader:
    """Takes arguments out of a frame."""

    def __init__(self, frame: bytes, texts: dict[int, tuple[str, str]]) -> None:
        self._rest = frame
        self._texts = texts
        self._depth = 0
        self._elements = 0

    def text(self) -> tuple[str, str]:
        """The tag and the text whose number comes next."""
        return self._text(self._number(2))

    def arguments(self, text: str) -> list[_Value]:
        """All that belong to a format."""
        if self._depth >= _DEEPEST:
            raise Malformed
        self._depth += 1
        found = [self._value(kind) for kind in _wanted(text)]
        self._depth -= 1
        return found

    def _text(self, number: int) -> tuple[str, str]:
        if number not in self._texts:
            raise Malformed
        return self._texts[number]

    def _take(self, size: int) -> bytes:
        if size > len(self._rest):
            raise Malformed
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def _number(self, size: int, *, signed: bool = False) -> int:
        return int.from_bytes(self._take(size), "little", signed=signed)

    def _value(self, kind: str) -> _Value:
        if whole := re.fullmatch(r"([ui])(8|16|32|64|128|size)", kind):
            size = 4 if whole[2] == "size" else int(whole[2]) // 8
            return self._number(size, signed=whole[1] == "i")
        if array := _ARRAY.fullmatch(kind):
            count = int(array[2])
            return self._take(count) if array[1] == "u8" else self._slice(count)
        if bits := _BITS.fullmatch(kind):
            return self._bits(int(bits[1]), int(bits[2]))
        if kind not in _READ:
            raise Malformed
        return _READ[kind](self)

    def _bits(self, low: int, high: int) -> int:
        """An argument of which only the bytes with these bits are sent."""
        if not low < high <= 128:
            raise Malformed
        size = (high - 1) // 8 - low // 8 + 1
        return self._number(next(whole for whole in (1, 2, 4, 8, 16) if whole >= size)) << low // 8 * 8

    def _slice(self, count: int) -> list[_Text]:
        """Elements of one format, which is sent once."""
        self._elements += count
        if self._elements > _MOST_ELEMENTS:
            raise Malformed
        _, text = self.text()
        chosen = (self._variant(text) for _ in range(count))
        return [_Text(one, self.arguments(one)) for one in chosen]

    def _variant(self, text: str) -> str:
        """Of an enumeration (`A|B`) the one whose number comes next."""
        if "|" not in text:
            return text
        variants = text.split("|")
        number = self._number(1 if len(variants) <= 256 else 2)
        if number >= len(variants):
            raise Malformed
        return variants[number]

    def _formatted(self) -> _Text:
        _, text = self.text()
        variant = self._variant(text)
        return _Text(variant, self.arguments(variant))

    def _sequence(self) -> tuple[_Text, ...]:
        """Formats up to the number 0."""
        found = []
        while number := self._number(2):
            _, text = self._text(number)
            found.append(_Text(text, self.arguments(text)))
        return tuple(found)

    def _string(self) -> str:
        return self._take(self._number(4)).decode("utf-8", "replace")

    def _written(self) -> str:
        """What the device formatted itself, up to 0xFF."""
        text, found, self._rest = self._rest.partition(b"\xff")
        if not found:
            raise Malformed
        return text.decode("utf-8", "replace")

    def _float(self, size: int) -> float:
        return float(struct.unpack("<f" if size == 4 else "<d", self._take(size))[0])

    def _character(self) -> str:
        number = self._number(4)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise Malformed
        return chr(number)


_READ: dict[str, Callable[[_Reader], _Value]] = {
    "?": _Reader._formatted,
    "[?]": lambda reader: reader._slice(reader._number(4)),
    "[u8]": lambda reader: reader._take(reader._number(4)),
    "bool": lambda reader: bool(reader._number(1)),
    "str": _Reader._string,
    "istr": lambda reader: reader.text()[1],
    "char": _Reader._character,
    "f32": lambda reader: reader._float(4),
    "f64": lambda reader: reader._float(8),
    "__internal_Debug": _Reader._written,
    "__internal_Display": _Reader._written,
    "__internal_FormatSequence": _Reader._sequence,
}


def _said(text: _Text, hint: str = "") -> str:
    """The format with its arguments in it; `hint` is that of the parameter that it is for."""
    said = []
    for piece in _pieces(text.format):
        if isinstance(piece, str):
            said.append(piece)
            continue
        value = text.arguments[piece.index]
        bits = _BITS.fullmatch(piece.type)
        if bits and isinstance(value, int):
            value = value >> int(bits[1]) & ((1 << int(bits[2]) - int(bits[1])) - 1)
        said.append(_shown(value, piece.hint or hint, piece.type))
    return "".join(said)


def _shown(value: _Value, hint: str, kind: str) -> str:
    match value:
        case _Text():
            said = _said(value, hint)
        case tuple():
            said = "".join(_said(one, hint) for one in value)
        case list():
            said = f"[{', '.join(_said(one, hint) for one in value)}]"
        case bytes() if hint == "a":
            said = "b" + json.dumps(value.decode("latin-1")).replace("\\u00", "\\x")
        case bytes():
            said = f"[{', '.join(_number(byte, hint, 8) for byte in value)}]"
        case bool():
            said = str(value).lower()
        case int():
            width = re.search(r"\d+$", kind)
            said = _number(value, hint, int(width[0]) if width else 32)
        case str() if hint == "?":
            said = json.dumps(value, ensure_ascii=False)
        case _:
            said = str(value)
    return said


def _number(value: int, hint: str, bits: int) -> str:
    if hint in _SECONDS:
        return _time(value, hint)
    found = _HINT.fullmatch(hint)
    alternate, width, base = found.groups() if found else ("", None, "")
    if base not in _PREFIXES:
        return str(value).zfill(int(width or 0))
    prefix = _PREFIXES[base] if alternate else ""
    digits = format(value % (1 << bits) if value < 0 else value, base)
    return prefix + digits.zfill(int(width or 0) - len(prefix))


def _time(value: int, hint: str) -> str:
    decimals = _SECONDS[hint]
    whole, rest = divmod(value, 10**decimals)
    behind = f".{rest:0{decimals}}" if decimals else ""
    if not hint.startswith("t"):
        return f"{whole}{behind}"
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return (f"{days}:" if days else "") + f"{hours:02}:{minutes:02}:{seconds:02}{behind}"
