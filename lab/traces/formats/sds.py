"""Arm's Synchronous Data Streams, of the SDS framework: `<stream>.<label>.sds`, described by `<stream>.sds.yml`.

A record is a time in ticks, a number of bytes and that many bytes of samples.
arm-software.github.io/SDS-Framework/main/theory.html#sds-data-files; versions 3.0 (`frequency`) and 3.1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from lab import files
from lab.signals.dataset import Dataset
from lab.signals.unusable import unusable
from lab.traces import numbers, sds_metadata
from lab.traces.holds import Files, Holds
from lab.traces.packed import PACKINGS, packed
from lab.traces.sds_metadata import USUAL_TICKS_HZ, Described
from lab.traces.sheet import Content, Sheet
from lab.traces.trace import RecordedSignal, Trace, Values

ENDINGS = OF_RECORDINGS = WRITES = frozenset({".sds"})
SAYS_LABELS = HAS_LABELS = False

_MOST_BYTES = 2**32
_MOST_RECORDS = 2**22
_MOST_TIMED = 2**24
_RECORD = struct.Struct("<II")
_WRAP = 2**32
_FINEST_TICKS_HZ = 1_000_000
_BLOCK_S = 0.1
_PIECE = 2**16
_GAP = 1.5
_HOLDS = Holds(axes=True, units=True, times=True, start=True, any_rate=True)


@dataclass(frozen=True)
class _Records:
    """Of each record its time in ticks, where its samples begin in the file, and how many there are before it."""

    ticks: NDArray[np.int64]
    places: NDArray[np.int64]
    before: NDArray[np.int64]
    """One more than there are records: the last is of all samples."""

    @property
    def samples(self) -> int:
        return int(self.before[-1])


@dataclass(frozen=True)
class SdsFrames:
    """Samples of a file of records, of which the fields at `chosen` are read."""

    path: Path
    described: Described
    records: _Records
    chosen: tuple[int, ...]

    def of(self, columns: Sequence[int]) -> SdsFrames:
        """The same samples, of which other fields are read."""
        return replace(self, chosen=tuple(columns))

    def __len__(self) -> int:
        return self.records.samples

    def read(self, first: int, count: int) -> Values:
        """As `Frames` has it."""
        last = min(first + count, len(self))
        if last <= first:
            return np.empty((0, len(self.chosen)))
        before, places, size = self.records.before, self.records.places, self.described.size
        begin, end = np.searchsorted(before, (first, last - 1), side="right") - 1
        try:
            with self.path.open("rb") as file:
                file.seek(int(places[begin]))
                raw = file.read(int(places[end] - places[begin] + (before[end + 1] - before[end]) * size))
        except OSError as error:
            raise unusable(self.path, f"cannot be read: {error.strerror}") from error
        pieces = (
            raw[place : place + many * size]
            for place, many in zip(
                (places[begin : end + 1] - places[begin]).tolist(),
                np.diff(before[begin : end + 2]).tolist(),
                strict=True,
            )
        )
        skipped = first - int(before[begin])
        samples = b"".join(pieces)[skipped * size : (skipped + last - first) * size]
        if len(samples) < (last - first) * size:
            raise unusable(self.path, "is truncated since it was opened")
        values = self.described.values(samples, self.chosen)
        numbers.check(self.path, values, first)
        return values


def read(path: Path, said: Dataset) -> Content:
    """The stream of a file. Raises RecordingError and OSError."""
    described = sds_metadata.read(sds_metadata.beside(path))
    records = _records(path, described.size)
    if not records.samples:
        raise unusable(path, "has no samples")
    rate_hz = said.rate_hz or described.rate_hz
    timed = _timed(path, records, rate_hz, described.ticks_hz)
    fields = described.fields
    sheet = Sheet(
        names=tuple(field.name for field in fields),
        frames=SdsFrames(path, described, records, ()).of,
        key=described.name,
        is_named=not described.sound,
        units=None if described.sound else tuple(field.unit for field in fields),
        rate_hz=timed.rate_hz,
        start_s=timed.start_s,
        times_s=timed.times_s,
        of_full_scale=bool(described.sound),
        encoding=described.sound or "float64",
    )
    return Content((sheet,), notes=timed.notes)


# Records


def _records(path: Path, size: int) -> _Records:
    """Raises RecordingError for a file that ends within a record, or one that holds part of a sample."""
    ticks: list[int] = []
    places: list[int] = []
    before = [0]
    with files.opened(path, _MOST_BYTES) as file:
        end = file.seek(0, 2)
        at = number = 0
        while at < end:
            file.seek(at)
            head = file.read(_RECORD.size)
            if len(head) < _RECORD.size:
                raise unusable(path, f"ends within the head of record {number:,}")
            tick, length = _RECORD.unpack(head)
            at += _RECORD.size
            if at + length > end:
                raise unusable(path, f"is truncated: record {number:,} lacks {at + length - end:,} bytes")
            if length % size:
                raise unusable(path, f"has {length:,} bytes in record {number:,}, for samples of {size:,} bytes")
            number += 1
            if number > _MOST_RECORDS:
                raise unusable(path, f"has more than {_MOST_RECORDS:,} records: split it")
            if length:  # "A block size of 0 indicates that no sample is available in that timeslot."
                ticks.append(tick)
                places.append(at)
                before.append(before[-1] + length // size)
            at += length
    return _Records(_unwrapped(np.array(ticks, np.int64)), np.array(places, np.int64), np.array(before, np.int64))


def _unwrapped(ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counters of 32 bits that begin anew are taken to go on."""
    anew = np.diff(ticks, prepend=ticks[:1]) < -_WRAP // 2
    return ticks + _WRAP * np.cumsum(anew)


@dataclass(frozen=True)
class _Timed:
    rate_hz: float | None
    start_s: float = 0.0
    times_s: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()


def _timed(path: Path, records: _Records, rate_hz: float | None, ticks_hz: float) -> _Timed:
    """When samples were taken. A record's time is when its first was, late by as much as a record lasts.

    Where all records agree with one clock, it is the clock of all samples; else each record's samples are spread from
    its time to that of the next, but for a gap.
    """
    times, before = records.ticks / ticks_hz, records.before[:-1]
    each = float(np.median(np.diff(records.before)))
    if rate_hz is not None:
        tolerance = max(1 / ticks_hz, each / rate_hz if each > 1 else 0)
        passed_s = float(times[-1] - times[0])
        measured = float(before[-1]) / passed_s if passed_s > 0 else rate_hz
        for clock_hz in (rate_hz, measured):
            late = times - times[0] - before / clock_hz
            if np.ptp(late) <= tolerance:
                jitter = f"its records are up to {np.ptp(late) * 1e3:.3g} ms off the clock of its samples"
                return _Timed(clock_hz, float(times[0]), notes=(jitter,) if np.ptp(late) > 1.001 / ticks_hz else ())
    if records.samples > _MOST_TIMED:
        raise unusable(path, f"has more than {_MOST_TIMED:,} samples at uneven times: split it, or say its rate_hz")
    many = np.diff(records.before)
    steps = np.diff(times, append=times[-1:]) / many
    usual = 1 / rate_hz if rate_hz is not None else float(np.median(steps[:-1])) if len(steps) > 1 else 0.0
    steps[-1] = usual
    steps = np.where(steps > _GAP * usual, usual, steps)
    within = np.arange(records.samples) - np.repeat(before, many)
    return _Timed(rate_hz, times_s=np.repeat(times, many) + within * np.repeat(steps, many))


# Writing


def losses(trace: Trace, _path: Path) -> Iterator[str]:
    """As `Format` has it."""
    yield from _HOLDS.losses(trace)
    for signal in trace.signals[:1]:
        ticks_hz = _ticks_hz(signal)
        given = np.array([signal.begin_s]) if signal.times_s is None else signal.times_s
        if given[0] < 0:
            yield "that it begins before 0 s"
        elif not np.allclose(np.rint(given * ticks_hz) / ticks_hz, given, rtol=0, atol=1e-9):
            yield f"digits of its times behind {1 / ticks_hz:g} s"


def write(trace: Trace, path: Path) -> Files:
    """As `Format` has it: the first signal, and the metadata beside it."""
    signal = trace.signals[0]
    stream = path.name.partition(".")[0]
    metadata = sds_metadata.written(signal, stream, _ticks_hz(signal))
    return {
        path: lambda file: _write(signal, file),
        path.with_name(f"{stream}.sds.yml"): lambda file: file.write(metadata) * 0,
    }


def _write(signal: RecordedSignal, stream: BinaryIO) -> int:
    encoding, ticks_hz = sds_metadata.encoding_of(signal), _ticks_hz(signal)
    clipped = first = 0
    many = 1 if signal.times_s is not None else max(1, min(_PIECE, round(signal.rate_hz * _BLOCK_S)))
    frame = PACKINGS[encoding].bytes * len(signal.axes)
    for block in signal.blocks(_PIECE // many * many):
        content, beyond = packed(block, encoding)
        clipped += beyond
        for at in range(0, len(block), many):
            number = first + at
            time_s = signal.start_s + number / signal.rate_hz if signal.times_s is None else signal.times_s[number]
            samples = content[at * frame : (at + many) * frame]
            stream.write(_RECORD.pack(max(0, round(float(time_s) * ticks_hz)) % _WRAP, len(samples)) + samples)
        first += len(block)
    return clipped


def _ticks_hz(signal: RecordedSignal) -> int:
    """The finest ticks that do not begin anew within the signal, and ms where these are enough."""
    if signal.times_s is None and (signal.begin_s * USUAL_TICKS_HZ).is_integer():
        return USUAL_TICKS_HZ
    finest = _FINEST_TICKS_HZ
    while finest > 1 and signal.end_s * finest >= _WRAP:
        finest //= 10
    return finest
