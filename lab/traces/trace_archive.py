"""A whole trace in a NumPy archive (.npz), which other programs can read and make: docs/traces.md has the arrays.

The values of a signal are stored without compression, so that hours are read and written in pieces. No array is one of
Python's objects.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from lab import files, npy, zips
from lab.signals.unusable import unusable
from lab.traces.packed import PACKINGS, PackedFrames, packed
from lab.traces.sheet import Content, Sheet, held
from lab.traces.trace import Frames, Label, Mark, Received, RecordedSignal, Trace

VERSION = 1

_MARK = "trace"
_MOST_BYTES = 2**32 - 1
_MOST_LISTED = 2**20
"""Bytes of an archive's list of members."""
_MOST_SIGNALS, _MOST_COLUMNS = 1_000, 1_000
_MOST_SMALL = 64 * files.MEGABYTE
_MOST_VALUES = 2**25
_BLOCK = 2**16
_DATE = (1980, 1, 1, 0, 0, 0)
_END = struct.Struct("<4s8xII2x")
_LOCAL = struct.Struct("<4s22xHH")
_DAMAGED = (*zips.DAMAGED, ValueError)
_STORED_AS = {"int24": "int32"}
"""What numpy has no type for, as the next larger one."""

_BY_TYPE = {np.dtype(packing.type): name for name, packing in PACKINGS.items() if name not in _STORED_AS}

Array = NDArray[np.generic]


def is_one(path: Path) -> bool:
    """Whether the file is an archive of a whole trace. Raises OSError."""
    with files.opened(path, _MOST_BYTES) as file:
        if _listed(file) > _MOST_LISTED:
            return False
        try:
            return f"{_MARK}.npy" in zipfile.ZipFile(file).namelist()
        except _DAMAGED:
            return False


def _listed(file: BinaryIO) -> int:
    """Bytes of the list of members; 0 where there is none."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 2**16 - _END.size))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    file.seek(0)
    return _END.unpack_from(tail, at)[1] if 0 <= at <= len(tail) - _END.size else 0


def read(path: Path) -> Content:
    """The trace of an archive. Raises RecordingError and OSError."""
    with files.opened(path, _MOST_BYTES) as file:
        try:
            return _Archive(path, file).content()
        except _DAMAGED as error:
            raise unusable(path, f"is no archive of a trace that can be read: {error}") from error


class _Archive:
    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file, self._zip = path, file, zipfile.ZipFile(file)
        self._left = _MOST_SMALL
        self._members = {one.filename.removesuffix(".npy"): one for one in self._zip.infolist()}
        if len(self._members) < len(self._zip.infolist()):
            raise ValueError("it has two arrays of one name")

    def content(self) -> Content:
        version = self._whole(_MARK, "iu", 0).item()
        if version != VERSION:
            raise ValueError(f"it is of version {version}, and this lab reads version {VERSION}")
        count = next((n for n in range(_MOST_SIGNALS + 1) if f"signal_{n}_values" not in self._members), None)
        if count is None:
            raise ValueError(f"it has more than {_MOST_SIGNALS:,} signals")
        return Content(
            tuple(self._sheet(f"signal_{number}") for number in range(count)),
            tuple(self._labels()),
            tuple(Mark(*one) for one in self._rows("marks", time_s="f", text="U")),
            tuple(self._received()),
        )

    def _sheet(self, of: str) -> Sheet:
        axes, units = (tuple(map(str, self._whole(f"{of}_{what}", "U", 1).tolist())) for what in ("axes", "units"))
        found = self._values(f"{of}_values")
        if len(axes) != found.columns or len(units) != found.columns:
            raise ValueError(f"{of} has {found.columns:,} columns, {len(axes):,} axes and {len(units):,} units")
        times = self._whole(f"{of}_times_s", "f", 1) if f"{of}_times_s" in self._members else None
        if times is not None and len(times) != found.frames:
            raise ValueError(f"{of} has {found.frames:,} frames and {len(times):,} times")
        encoding = str(self._whole(f"{of}_encoding", "U", 0))
        if encoding not in PACKINGS:
            raise ValueError(f"{of}_encoding is {encoding[:40]!r}, which is none of {', '.join(PACKINGS)}")
        rate_hz, start_s = (float(self._whole(f"{of}_{what}", "fiu", 0)) for what in ("rate_hz", "start_s"))
        if not 0 < rate_hz < np.inf or not np.isfinite(start_s):
            raise ValueError(f"{of} has a rate of {rate_hz:g} Hz, and starts at {start_s:g} s")
        return Sheet(
            names=axes,
            frames=found.of,
            key=str(self._whole(f"{of}_name", "U", 0)),
            units=units,
            rate_hz=rate_hz,
            times_s=None if times is None else times.astype(np.float64),
            start_s=start_s,
            encoding=encoding,
        )

    def _values(self, name: str) -> _Values:
        member = self._member(name)
        with self._zip.open(member) as stream:
            header = npy.header(stream)
            begins = stream.tell()
            header.check(member.file_size - begins)
        encoding = _BY_TYPE.get(header.dtype)
        if len(header.shape) != 2 or encoding is None or not 0 < header.shape[1] <= _MOST_COLUMNS:
            raise ValueError(f"{name} is {header.dtype}{list(header.shape)}: [frames, axes] of numbers are needed")
        frames, columns = header.shape
        if member.compress_type == zipfile.ZIP_STORED and not header.fortran_order:
            begin = self._begin(member) + begins
            return _Values(
                frames,
                columns,
                lambda chosen: PackedFrames(self._path, begin, frames, columns, tuple(chosen), encoding),
            )
        if frames * columns > _MOST_VALUES:
            raise ValueError(f"{name} has more than {_MOST_VALUES:,} values and is compressed")
        steps = PACKINGS[encoding].steps
        unpacked = npy.parsed(self._read(member)).astype(np.float64)
        return _Values(frames, columns, held(unpacked if steps is None else unpacked / steps))

    def _begin(self, member: zipfile.ZipInfo) -> int:
        """Where the content of a member that is stored as it is begins in the file."""
        self._file.seek(member.header_offset)
        head = self._file.read(30)
        if len(head) < 30 or head[:4] != b"PK\3\4":
            raise ValueError(f"{member.filename} has no header")
        name, extra = struct.unpack_from("<HH", head, 26)
        begin = member.header_offset + 30 + name + extra
        if begin + member.file_size > self._file.seek(0, 2):
            raise ValueError(f"{member.filename} is truncated")
        return int(begin)

    def _rows(self, of: str, **columns: str) -> Iterator[tuple[Any, ...]]:
        """Those of arrays of one length, or none."""
        if f"{of}_{next(iter(columns))}" not in self._members:
            return
        every = [self._whole(f"{of}_{name}", kind, 1).tolist() for name, kind in columns.items()]
        if len(set(map(len, every))) > 1:
            raise ValueError(f"its arrays of {of} are of different lengths")
        yield from zip(*every, strict=True)

    def _labels(self) -> Iterator[Label]:
        for start_s, end_s, text in self._rows("labels", start_s="f", end_s="f", text="U"):
            if end_s < start_s:
                raise ValueError(f"a label ends before it begins, at {start_s:.6g} s")
            yield Label(start_s, end_s, text)

    def _received(self) -> Iterator[Received]:
        if "received_time_s" not in self._members:
            return
        data = self._whole("received_bytes", "u", 1).astype(np.uint8).tobytes()
        begin = 0
        for time_s, length, channel in self._rows("received", time_s="f", length="iu", channel="iu"):
            end = begin + length
            if not begin <= end <= len(data):
                raise ValueError("received_length is not that of received_bytes")
            yield Received(time_s, data[begin:end], channel)
            begin = end

    def _whole(self, name: str, kinds: str, dimensions: int) -> Array:
        """An array of the small ones, of one of these kinds of numpy's types."""
        found = npy.parsed(self._read(self._member(name)))
        if found.dtype.kind not in kinds or found.ndim != dimensions:
            raise ValueError(f"{name} is {found.dtype}{list(found.shape)}")
        if found.dtype.kind == "f" and not np.isfinite(found).all():
            raise ValueError(f"{name} holds NaN or infinity")
        return found

    def _read(self, member: zipfile.ZipInfo) -> bytes:
        self._left -= member.file_size
        if self._left < 0:
            raise ValueError(f"it has more than {_MOST_SMALL // files.MEGABYTE} MB besides values")
        return self._zip.read(member)

    def _member(self, name: str) -> zipfile.ZipInfo:
        if name not in self._members:
            raise ValueError(f"it has no array {name}")
        return self._members[name]


@dataclass(frozen=True)
class _Values:
    frames: int
    columns: int
    of: Callable[[Sequence[int]], Frames]


def write(trace: Trace, stream: BinaryIO) -> int:
    """All of a trace; how many values had to be clipped to their encoding."""
    clipped = 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        _write(archive, _MARK, np.array(VERSION))
        for number, signal in enumerate(trace.signals):
            clipped += _write_signal(archive, f"signal_{number}", signal)
        if trace.labels:
            _write(archive, "labels_start_s", np.array([one.start_s for one in trace.labels], np.float64))
            _write(archive, "labels_end_s", np.array([one.end_s for one in trace.labels], np.float64))
            _write(archive, "labels_text", np.array([one.text for one in trace.labels], np.str_))
        if trace.marks:
            _write(archive, "marks_time_s", np.array([one.time_s for one in trace.marks], np.float64))
            _write(archive, "marks_text", np.array([one.text for one in trace.marks], np.str_))
        if trace.received:
            _write(archive, "received_time_s", np.array([one.time_s for one in trace.received], np.float64))
            _write(archive, "received_length", np.array([len(one.data) for one in trace.received], np.int64))
            _write(archive, "received_channel", np.array([one.channel for one in trace.received], np.int64))
            _write(archive, "received_bytes", np.frombuffer(b"".join(one.data for one in trace.received), np.uint8))
    return clipped


def _write_signal(archive: zipfile.ZipFile, of: str, signal: RecordedSignal) -> int:
    stored = _STORED_AS.get(signal.encoding, signal.encoding)
    clipped = 0
    with _member(archive, f"{of}_values") as member:
        head = {"descr": PACKINGS[stored].type, "fortran_order": False, "shape": (len(signal.frames), len(signal.axes))}
        npy_format.write_array_header_1_0(member, head)
        for block in signal.blocks(_BLOCK):
            content, beyond = packed(block, stored)
            member.write(content)
            clipped += beyond
    if signal.times_s is not None:
        _write(archive, f"{of}_times_s", signal.times_s)
    for what, value in (("name", signal.name), ("encoding", signal.encoding), ("rate_hz", float(signal.rate_hz))):
        _write(archive, f"{of}_{what}", np.array(value))
    _write(archive, f"{of}_start_s", np.array(float(signal.start_s)))
    _write(archive, f"{of}_axes", np.array(signal.axes, np.str_))
    _write(archive, f"{of}_units", np.array(signal.units, np.str_))
    return clipped


def _write(archive: zipfile.ZipFile, name: str, array: Array) -> None:
    with _member(archive, name) as member:
        npy_format.write_array(member, array, allow_pickle=False)


def _member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Of a date that does not change, so that the same trace gives the same bytes."""
    return archive.open(zipfile.ZipInfo(f"{name}.npy", _DATE), "w", force_zip64=True)
