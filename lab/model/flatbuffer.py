"""Whether bytes are a well-formed TFLite flatbuffer: every offset, length and alignment, before anything is read.

The interpreters on host and device follow offsets without a check of their own. The layout is that of the FlatBuffers
"internals" page; the tables are those of TensorFlow's `schema.fbs`, version 3, by field number.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

IDENTIFIER = b"TFL3"
_MOST_TABLES = 65_536
"""In one vector. They may all be the same, so that a small file could keep a reader busy for hours."""
_ALIGNMENT = 4
"""Bytes to which 64-bit values are aligned at the least: some writers keep to no more, and all that the boards' cores
need for them is this."""


class Malformed(ValueError):
    """The bytes are not a well-formed TFLite flatbuffer; the message says where."""


@dataclass(frozen=True)
class Scalar:
    """A field of that many bytes in the table itself."""

    size: int


@dataclass(frozen=True)
class Vector:
    """A vector of scalars of that many bytes each."""

    size: int


@dataclass(frozen=True)
class Text:
    """A string, with a zero byte behind it."""


@dataclass(frozen=True)
class Table:
    """A table by name; one that `_TABLES` does not know is checked in its outline only."""

    name: str


@dataclass(frozen=True)
class Tables:
    """A vector of tables."""

    name: str


Field = Scalar | Vector | Text | Table | Tables

_TABLES: dict[str, dict[int, Field]] = {
    "Model": {
        0: Scalar(4),
        1: Tables("OperatorCode"),
        2: Tables("SubGraph"),
        3: Text(),
        4: Tables("Buffer"),
        5: Vector(4),
        6: Tables("Metadata"),
        7: Tables("SignatureDef"),
    },
    "OperatorCode": {0: Scalar(1), 1: Text(), 2: Scalar(4), 3: Scalar(4)},
    "SubGraph": {0: Tables("Tensor"), 1: Vector(4), 2: Vector(4), 3: Tables("Operator"), 4: Text(), 5: Scalar(4)},
    "Tensor": {
        0: Vector(4),
        1: Scalar(1),
        2: Scalar(4),
        3: Text(),
        4: Table("QuantizationParameters"),
        5: Scalar(1),
        6: Table("SparsityParameters"),
        7: Vector(4),
        8: Scalar(1),
        9: Tables("VariantSubType"),
    },
    "QuantizationParameters": {
        0: Vector(4),
        1: Vector(4),
        2: Vector(4),
        3: Vector(8),
        4: Scalar(1),
        5: Table("QuantizationDetails"),
        6: Scalar(4),
    },
    "Operator": {
        0: Scalar(4),
        1: Vector(4),
        2: Vector(4),
        3: Scalar(1),
        4: Table("Options"),
        5: Vector(1),
        6: Scalar(1),
        7: Vector(1),
        8: Vector(4),
        9: Scalar(8),
        10: Scalar(8),
        11: Scalar(1),
        12: Table("Options"),
    },
    "ReshapeOptions": {0: Vector(4)},
    "Buffer": {0: Vector(1), 1: Scalar(8), 2: Scalar(8)},
    "Metadata": {0: Text(), 1: Scalar(4)},
    "SignatureDef": {0: Tables("TensorMap"), 1: Tables("TensorMap"), 2: Text(), 4: Scalar(4)},
    "TensorMap": {0: Text(), 1: Scalar(4)},
}

# BuiltinOptions of schema.fbs whose tables hold offsets; the other options of TFLM's operators are scalars only.
_OPTIONS = {17: "ReshapeOptions", 30: "ReshapeOptions"}  # 30 is SqueezeOptions: one vector of int32 too

_OPERATOR_OPTIONS_TYPE = 3
_OPERATOR_OPTIONS = 4


def verify(data: bytes) -> None:
    """Raises Malformed unless every offset that the schema knows of stays inside `data` and is aligned."""
    verifier = _Verifier(data)
    if data[4:8] != IDENTIFIER:
        raise Malformed(f"bytes 4 to 7 are not {IDENTIFIER.decode()}")
    verifier.table(verifier.follow(0, "the root"), "Model")


class _Verifier:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._seen: set[tuple[int, str]] = set()

    def table(self, at: int, name: str) -> None:
        """The table at byte `at`, and all below it; one that several fields share is checked once."""
        if (at, name) in self._seen:
            return
        self._seen.add((at, name))
        fields = self._fields(at, name)
        for number, kind in _TABLES.get(name, {}).items():
            if number < len(fields) and fields[number]:
                is_options = (name, number) == ("Operator", _OPERATOR_OPTIONS)
                below = Table(self._options(at, fields)) if is_options else kind
                self._field(at + fields[number], below, f"{name} field {number}")

    def follow(self, at: int, what: str) -> int:
        """Where the 32-bit offset at byte `at` leads."""
        target = at + self._number("<I", at, what)
        if target == at:
            raise Malformed(f"{what} at byte {at} points to itself")
        return target

    def _fields(self, at: int, name: str) -> list[int]:
        """Offsets of a table's fields from its start, 0 for absent ones, out of its vtable."""
        vtable = at - self._number("<i", at, name)
        size = self._number("<H", vtable, f"the vtable of {name}", align=2)
        extent = self._number("<H", vtable + 2, f"the vtable of {name}", align=2)
        if size < 4 or size % 2 or extent < 4:
            raise Malformed(f"the vtable of {name} at byte {vtable} has impossible sizes")
        self._within(vtable, size, f"the vtable of {name}")
        self._within(at, extent, name)
        fields = list(struct.unpack_from(f"<{size // 2 - 2}H", self._data, vtable + 4))
        known = _TABLES.get(name, {})
        for number, offset in enumerate(fields):
            kind = known.get(number, Scalar(1))
            width = kind.size if isinstance(kind, Scalar) else 4
            if offset and not 4 <= offset <= extent - width:
                raise Malformed(f"{name} field {number} at byte {at} lies outside its table")
        return fields

    def _field(self, at: int, kind: Field, what: str) -> None:
        if isinstance(kind, Scalar):
            self._aligned(at, kind.size, what)
            return
        target = self.follow(at, what)
        if isinstance(kind, Table):
            self.table(target, kind.name)
        elif isinstance(kind, Tables):
            count = self._vector(target, 4, what)
            if count > _MOST_TABLES:
                raise Malformed(f"{what} holds {count:,} tables")
            for item in range(count):
                self.table(self.follow(target + 4 + 4 * item, what), kind.name)
        elif isinstance(kind, Vector):
            self._vector(target, kind.size, what)
        else:
            length = self._vector(target, 1, what)
            if self._number("<B", target + 4 + length, what, align=1) != 0:
                raise Malformed(f"the text of {what} at byte {target} has no end")

    def _vector(self, at: int, size: int, what: str) -> int:
        """The length of a vector whose elements have `size` bytes, all of which are there."""
        length = self._number("<I", at, what)
        self._within(at + 4, length * size, what)
        if length:
            self._aligned(at + 4, size, what)
        return length

    def _options(self, at: int, fields: list[int]) -> str:
        kind = self._data[at + fields[_OPERATOR_OPTIONS_TYPE]] if fields[_OPERATOR_OPTIONS_TYPE] else 0
        return _OPTIONS.get(kind, "Options")

    def _number(self, form: str, at: int, what: str, align: int = 4) -> int:
        self._within(at, struct.calcsize(form), what)
        self._aligned(at, align, what)
        return int(struct.unpack_from(form, self._data, at)[0])

    def _within(self, at: int, size: int, what: str) -> None:
        if at < 0 or at + size > len(self._data):
            raise Malformed(f"{what} at byte {at} reaches beyond the file's {len(self._data):,} bytes")

    def _aligned(self, at: int, size: int, what: str) -> None:
        alignment = min(size, _ALIGNMENT)
        if at % alignment:
            raise Malformed(f"{what} at byte {at} is not aligned to {alignment} bytes")
