"""Metadata of Arm's Synchronous Data Streams (`<stream>.sds.yml`): what a sample of a stream is.

arm-software.github.io/SDS-Framework/main/theory.html#sds-metadata-format; versions 3.0 (`frequency`) and 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lab.errors import RecordingError
from lab.signals.signal import SOUND
from lab.signals.unusable import named, unusable
from lab.traces import yaml_file
from lab.traces.packed import PACKINGS, unpacked
from lab.traces.trace import RecordedSignal, Values

USUAL_TICKS_HZ = 1_000
"""Where the metadata say nothing else."""

_MOST_BYTES = 2**16
_MOST_COLUMNS = 1_000
_SOUND = {8: "int8", 16: "int16", 24: "int24", 32: "int32"}
_TYPES = {
    "int8_t": "<i1",
    "uint8_t": "<u1",
    "int16_t": "<i2",
    "uint16_t": "<u2",
    "int32_t": "<i4",
    "uint32_t": "<u4",
    "float": "<f4",
    "double": "<f8",
}


@dataclass(frozen=True)
class Value:
    """A value of a sample: as what it is stored, of which the lowest `bits` count, and how it becomes its unit."""

    name: str
    type: str
    unit: str = ""
    scale: float = 1.0
    offset: float = 0.0
    bits: int | None = None


@dataclass(frozen=True)
class Described:
    """What the metadata say. `sound` is the encoding of a stream of sound, "" for another."""

    name: str
    rate_hz: float | None
    ticks_hz: float
    fields: tuple[Value, ...]
    sound: str = ""

    @property
    def size(self) -> int:
        """Bytes of a sample."""
        if self.sound:
            return PACKINGS[self.sound].bytes * len(self.fields)
        return self.dtype.itemsize

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of a sample without sound."""
        return np.dtype([(f"f{number}", field.type) for number, field in enumerate(self.fields)])

    def values(self, raw: bytes, chosen: Sequence[int]) -> Values:
        """[samples, chosen]"""
        if self.sound:
            return unpacked(raw, self.sound, len(self.fields))[:, list(chosen)]
        found = np.frombuffer(raw, self.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.stack([self._value(found, at) for at in chosen], axis=1)

    def _value(self, samples: NDArray[np.void], at: int) -> NDArray[np.float64]:
        value, stored = self.fields[at], samples[f"f{at}"]
        if value.bits is not None:
            stored = stored & np.array(2**value.bits - 1, stored.dtype)
        return np.asarray(stored.astype(np.float64) * value.scale + value.offset)


def beside(path: Path) -> Path:
    """The file that describes a stream: a label may hold dots, so that the longest name is looked for first."""
    parts = path.name.removesuffix(path.suffix).split(".")
    candidates = [path.with_name(".".join(parts[:count]) + ".sds.yml") for count in range(len(parts), 0, -1)]
    found = next((file for file in candidates if file.exists()), None)
    if found is None:
        raise RecordingError(
            f"{named(path)} lies without {candidates[-1].name}, which says what it holds.",
            remedy="Put the metadata of the stream beside it; `lab trace` writes them with each .sds.",
            code="recording-undescribed",
        )
    return found


def read(metadata: Path) -> Described:
    """What a file of metadata says. Raises RecordingError, naming it."""
    try:
        stream = yaml_file.read(metadata, _MOST_BYTES)
    except OSError as error:
        raise unusable(metadata, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise unusable(metadata, f"is no YAML that can be read: {error}") from error
    try:
        return _Metadata.model_validate(stream).sds.described()
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"]))
        raise unusable(metadata, f"does not describe a stream: {where}: {problem['msg']}") from error
    except ValueError as error:
        raise unusable(metadata, f"does not describe a stream that is read: {error}") from error


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class _Audio(_Part):
    bits: int = Field(alias="bit-depth")
    channels: int = Field(ge=1, le=_MOST_COLUMNS)
    format: Literal["pcm"] = "pcm"


class _Entry(_Part):
    value: str = ""
    type: str = ""
    columns: int = Field(default=1, alias="dim-x", ge=1, le=_MOST_COLUMNS)
    rows: int = Field(default=1, alias="dim-y", ge=1, le=_MOST_COLUMNS)
    offset: float = 0.0
    scale: float = 1.0
    unit: str = ""
    audio: _Audio | None = None

    def fields(self) -> Iterator[Value]:
        base, _, bits = self.type.partition(":")
        stored = np.dtype(_TYPES.get(base, "V0"))
        whole = bits.isdecimal() and len(bits) < 3 and stored.kind in "iu" and 0 < int(bits) < 8 * stored.itemsize
        if not self.value or not stored.itemsize or (bits and not whole):
            raise ValueError(f"{self.value[:40]!r} is of type {self.type[:40]!r}, none of {', '.join(_TYPES)}")
        if self.rows * self.columns > _MOST_COLUMNS:
            raise ValueError(f"{self.value[:40]!r} has {self.rows * self.columns:,} values")
        for row in range(self.rows):
            for column in range(self.columns):
                at = "" if self.columns == self.rows == 1 else f"[{column}]" if self.rows == 1 else f"[{row}][{column}]"
                of = int(bits) if bits else None
                yield Value(self.value + at, _TYPES[base], self.unit, self.scale, self.offset, of)


class _Stream(_Part):
    name: str
    rate_hz: float | None = Field(default=None, alias="sample-frequency", gt=0)
    old_rate_hz: float | None = Field(default=None, alias="frequency", gt=0)
    ticks_hz: float = Field(default=USUAL_TICKS_HZ, alias="tick-frequency", ge=1e-3, le=1e12)
    content: list[_Entry] = Field(min_length=1, max_length=_MOST_COLUMNS)

    def described(self) -> Described:
        rate_hz = self.rate_hz or self.old_rate_hz
        audio = self.content[0].audio
        if audio is None:
            every = (field for entry in self.content for field in entry.fields())
            fields = tuple(islice(every, _MOST_COLUMNS + 1))
            if len(fields) > _MOST_COLUMNS:
                raise ValueError(f"it has more than {_MOST_COLUMNS:,} values in a sample")
            return Described(self.name, rate_hz, self.ticks_hz, fields)
        if audio.bits not in _SOUND or rate_hz is None:
            raise ValueError(f"sound of {audio.bits} bits, at {rate_hz or 'no'} Hz")
        channels = tuple(Value(str(number), "") for number in range(1, audio.channels + 1))
        return Described(self.name, rate_hz, self.ticks_hz, channels, _SOUND[audio.bits])


class _Metadata(_Part):
    sds: _Stream


def written(signal: RecordedSignal, stream: str, ticks_hz: int) -> bytes:
    """The metadata of a signal in a stream of that name, which is the signal's where it has none."""
    encoding = encoding_of(signal)
    if encoding in _SOUND.values():
        bits = 8 * PACKINGS[encoding].bytes
        content: list[dict[str, Any]] = [{"audio": {"bit-depth": bits, "channels": len(signal.axes), "format": "pcm"}}]
    else:
        kind = "float" if encoding == "float32" else "double"
        content = [
            {"value": axis, "type": kind, **({"unit": unit} if unit else {})}
            for axis, unit in zip(signal.axes, signal.units, strict=True)
        ]
    rate_hz = int(signal.rate_hz) if float(signal.rate_hz).is_integer() else signal.rate_hz
    rates = {"sample-frequency": rate_hz, "tick-frequency": ticks_hz}
    return yaml_file.written({"sds": {"name": signal.name or stream, **rates, "content": content}}).encode()


def encoding_of(signal: RecordedSignal) -> str:
    """As what values are stored: whole numbers are for channels of sound, which have no names and units."""
    numbers = tuple(map(str, range(1, len(signal.axes) + 1)))
    is_sound = signal.axes in (SOUND, numbers) and not any(signal.units)
    if is_sound and signal.encoding in _SOUND.values():
        return signal.encoding
    return "float32" if signal.encoding == "float32" else "float64"
