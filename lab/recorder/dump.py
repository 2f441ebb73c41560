"""One dump of a flight recorder: what its lines say, and what of it never arrived."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lab.errors import RecordingError
from lab.recorder.lines import Piece, Pieces

VERSION = 1
_HEADER = struct.Struct("<BBBBIIQII")
_INFERENCE = struct.Struct("<IIBB")
_OFFSET = struct.Struct("<I")
_TEXTS = 5
_MOST_SAMPLES = 2**26
"""Of a dump, missing ones included: half an hour of sound, far beyond the memory of any device."""
_LONGEST_S = 1e8


@dataclass(frozen=True)
class Header:
    """`frames` were sent, of the `span` from frame `first` of the device on: the sensor had lost the others."""

    channels: int
    scores: int
    labels: int
    rate_hz: float
    steps_per_unit: int
    first: int
    span: int
    frames: int
    sensor: str
    axes: tuple[str, ...]
    unit: str
    firmware: str
    reason: str


@dataclass(frozen=True)
class Inferred:
    """An inference of the device, of the frames before frame `end` of the dump."""

    end: int
    number: int
    label: str
    detected: bool
    scores: tuple[int, ...]


@dataclass(frozen=True)
class Hole:
    """`frames` that are missing from frame `begin` of the dump on: the device had lost them, or the line did."""

    begin: int
    frames: int
    where: Literal["by the device", "on the line"]


@dataclass(frozen=True)
class Dump:
    """int16 `samples` [frames, channels] at `offsets`, both in order; `holes` are what lies between them.

    `lost_lines` never arrived whole, up to the last one that did; of them `damaged` arrived in part. A dump that is not
    `whole` was cut off behind that.
    """

    header: Header
    offsets: NDArray[np.int64]
    samples: NDArray[np.int16]
    inferences: tuple[Inferred, ...]
    holes: tuple[Hole, ...]
    lost_lines: int
    damaged: int
    whole: bool

    @property
    def seconds(self) -> float:
        """From its first frame to its last."""
        return self.header.span / self.header.rate_hz

    @property
    def lost_on_the_line(self) -> int:
        """Frames that were sent and did not arrive."""
        return self.header.frames - len(self.samples)


def read(pieces: Pieces, place: str) -> Dump:
    """What a dump says. `place` is where it is from, for errors.

    Raises RecordingError for one of which neither beginning nor end has arrived, or that says what cannot be.
    """
    header = _header(pieces.pieces, place)
    sent = _samples(pieces.pieces, header, place)
    names = _names(pieces.pieces)
    last = pieces.pieces[-1]
    there = len({piece.sequence for piece in pieces.pieces})
    begins = [begin for begin, _ in sent]
    offsets = np.concatenate([np.arange(begin, begin + len(values)) for begin, values in sent] or [np.empty(0, int)])
    samples = np.concatenate([values for _, values in sent] or [np.empty((0, header.channels), np.int16)])
    return Dump(
        header=header,
        offsets=offsets.astype(np.int64),
        samples=samples,
        inferences=tuple(_inferences(pieces.pieces, header, names)),
        holes=tuple(_holes(pieces.pieces, sent, begins, header)),
        lost_lines=last.sequence + 1 - there,
        damaged=pieces.damaged,
        whole=pieces.is_whole,
    )


def _header(pieces: Sequence[Piece], place: str) -> Header:
    for piece in pieces:
        if piece.kind in "HE":
            return _parsed_header(piece.payload, place)
    raise RecordingError(
        f"{place} lacks its first line and its last one, which say what was recorded.",
        remedy="Ask the device for it once more; it keeps what it has sent.",
        code="recorder-header",
    )


def _parsed_header(payload: bytes, place: str) -> Header:
    if len(payload) > 1 and payload[1] != VERSION:
        raise _wrong(place, f"is of version {payload[1]}, and this lab reads version {VERSION}")
    if len(payload) < 1 + _HEADER.size:
        raise _wrong(place, "has a header that is too short")
    _, channels, scores, labels, millihertz, steps, first, span, frames = _HEADER.unpack_from(payload, 1)
    texts = payload[1 + _HEADER.size :].split(b"\0")
    if len(texts) < _TEXTS:
        raise _wrong(place, "has a header that is too short")
    sensor, axes, unit, firmware, reason = (text.decode("ascii", "replace") for text in texts[:_TEXTS])
    possible = channels and millihertz and steps and 0 < frames <= span and channels * span <= _MOST_SAMPLES
    if not possible or span / millihertz * 1000 > _LONGEST_S:
        raise _wrong(
            place, f"claims {frames:,} frames of {span:,}, {channels} channels, {millihertz / 1000:g} Hz, {steps} steps"
        )
    names = tuple(axes.split(","))
    if len(names) != channels or len(set(names)) != channels or not all(names):
        names = tuple(map(str, range(1, channels + 1)))
    return Header(
        channels, scores, labels, millihertz / 1000, steps, first, span, frames, sensor, names, unit, firmware, reason
    )


def _samples(pieces: Sequence[Piece], header: Header, place: str) -> list[tuple[int, NDArray[np.int16]]]:
    found: list[tuple[int, NDArray[np.int16]]] = []
    end = total = 0
    for piece in pieces:
        if piece.kind != "S":
            continue
        content = piece.payload[1 + _OFFSET.size :]
        if not content or len(content) % (2 * header.channels):
            raise _wrong(place, f"has {len(content)} bytes of samples of {header.channels} channels in a line")
        (begin,) = _OFFSET.unpack_from(piece.payload, 1)
        values = np.frombuffer(content, "<i2").reshape(-1, header.channels).astype(np.int16)
        total += len(values)
        if begin < end or begin + len(values) > header.span or total > header.frames:
            raise _wrong(place, f"has frames {begin:,} to {begin + len(values):,} where others are")
        end = begin + len(values)
        found.append((begin, values))
    return found


def _names(pieces: Sequence[Piece]) -> dict[int, str]:
    return {
        piece.payload[1]: piece.payload[2:].split(b"\0")[0].decode("utf-8", "replace")
        for piece in pieces
        if piece.kind == "L" and len(piece.payload) > 2
    }


def _inferences(pieces: Sequence[Piece], header: Header, names: dict[int, str]) -> list[Inferred]:
    found = []
    for piece in pieces:
        if piece.kind != "I" or len(piece.payload) != 1 + _INFERENCE.size + 4 * header.scores:
            continue
        end, number, label, detected = _INFERENCE.unpack_from(piece.payload, 1)
        scores = struct.unpack_from(f"<{header.scores}i", piece.payload, 1 + _INFERENCE.size)
        if end <= header.span:
            found.append(Inferred(end, number, names.get(label, f"label {label}"), bool(detected), scores))
    return sorted(found, key=lambda one: one.end)


def _holes(
    pieces: Sequence[Piece], sent: Sequence[tuple[int, NDArray[np.int16]]], begins: Sequence[int], header: Header
) -> list[Hole]:
    """Between lines that follow each other the device lost frames; else they may have been in the lines between."""
    sequences = [piece.sequence for piece in pieces if piece.kind == "S"]
    ends = [begin + len(values) for begin, values in sent]
    found = []
    for place, begin in enumerate([*begins, header.span]):
        end = ends[place - 1] if place else 0
        if begin <= end:
            continue
        follows = 0 < place < len(begins) and sequences[place] == sequences[place - 1] + 1
        found.append(Hole(end, begin - end, "by the device" if follows else "on the line"))
    return found


def _wrong(place: str, why: str) -> RecordingError:
    return RecordingError(
        f"{place} {why}.",
        remedy="Compare the firmware's flight_recorder.c with the one of this lab: firmware/device_lab/src.",
        code="recorder-dump",
    )
