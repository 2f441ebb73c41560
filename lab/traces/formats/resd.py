"""RESD, the format of sensor data that Renode plays: blocks of samples by kind and channel, times in nanoseconds.

renode.readthedocs.io/en/latest/basic/resd.html; tried with Renode 1.16.1. What a UART receives is its binary data. It
has no sound. Metadata of blocks and kinds of samples that are somebody's own are left out.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from lab import files
from lab.errors import UsageError
from lab.signals import units
from lab.signals.dataset import Dataset
from lab.signals.unusable import unusable
from lab.traces.holds import Files
from lab.traces.sheet import Content, Sheet, held
from lab.traces.trace import Received, RecordedSignal, Trace, Values

ENDINGS = OF_RECORDINGS = WRITES = frozenset({".resd"})
SAYS_LABELS = HAS_LABELS = False

_MOST_BYTES = 64 * files.MEGABYTE
_MOST_RECEIVED = 1_000_000
_MAGIC = b"RESD\1\0\0\0"
_BLOCK = struct.Struct("<BHHQ")
_TIME = struct.Struct("<Q")
_LENGTH = struct.Struct("<I")
_AT_TIMES, _AT_A_RATE = 1, 2
_BINARY = 9
_NS = 1_000_000_000
_PIECE = 2**16
_XYZ = ("x", "y", "z")
_OFF = 1e-3


@dataclass(frozen=True)
class _Kind:
    """Of a sample: as what each of its axes is stored, and how many of its steps are one `unit`."""

    number: int
    name: str
    type: str
    steps: int
    unit: str
    axes: tuple[str, ...] = ("value",)


_KINDS = (
    _Kind(1, "temperature", "<i4", 1_000, "°C"),
    _Kind(2, "acceleration", "<i4", 1_000_000, "g", _XYZ),
    _Kind(3, "angular rate", "<i4", 100_000, "rad/s", _XYZ),
    _Kind(4, "voltage", "<u4", 1_000_000, "V"),
    _Kind(5, "ECG", "<i4", 1_000, "uV"),
    _Kind(6, "humidity", "<u4", 1_000, "%"),
    _Kind(7, "pressure", "<u8", 1_000, "Pa"),
    _Kind(8, "magnetic flux density", "<i4", 1_000, "uT", _XYZ),
    _Kind(10, "illuminance", "<u4", 1_000, "lx"),
)
_BY_NUMBER: Mapping[int, _Kind] = {kind.number: kind for kind in _KINDS}


@dataclass(frozen=True)
class _Piece:
    """The samples of a block: `values` in steps [frames, axes] at `times_ns`, or every `period_ns` from `start_ns`."""

    values: Values
    start_ns: int
    times_ns: NDArray[np.uint64] | None
    period_ns: int = 0

    @property
    def times_s(self) -> NDArray[np.float64]:
        if self.times_ns is None:
            since = np.arange(len(self.values)) * self.period_ns
            return self.start_ns / _NS + since / _NS
        return self.start_ns / _NS + self.times_ns / _NS


def read(path: Path, _described: Dataset) -> Content:
    """A signal for each kind and channel. Raises RecordingError and OSError."""
    content = files.content(path, _MOST_BYTES)
    if content[: len(_MAGIC)] != _MAGIC:
        raise unusable(path, "is no RESD of version 1: it does not begin as one")
    pieces: dict[tuple[int, int], list[_Piece]] = defaultdict(list)
    received: list[Received] = []
    skipped: dict[str, int] = defaultdict(int)
    for block in _blocks(path, content):
        kind = _BY_NUMBER.get(block.kind)
        if block.type not in (_AT_TIMES, _AT_A_RATE):
            skipped[f"blocks of type {block.type}"] += 1
        elif block.kind == _BINARY:
            received += _received(path, block)
            if len(received) > _MOST_RECEIVED:
                raise unusable(path, f"has more than {_MOST_RECEIVED:,} pieces of binary data: split it")
        elif kind is None:
            skipped[f"blocks of samples of kind {block.kind:#06x}"] += 1
        else:
            pieces[block.kind, block.channel].append(_piece(path, block, kind))
    sheets = (_sheet(_BY_NUMBER[kind], channel, some) for (kind, channel), some in pieces.items())
    return Content(
        tuple(sheet for sheet in sheets if sheet is not None),
        received=tuple(sorted(received, key=lambda one: one.time_s)),
        notes=tuple(f"left out: {count:,} {what}" for what, count in skipped.items()),
    )


@dataclass(frozen=True)
class _Block:
    """`samples` are without metadata; `place` is where the block begins in the file."""

    place: int
    type: int
    kind: int
    channel: int
    start_ns: int = 0
    period_ns: int = 0
    samples: bytes = b""


def _blocks(path: Path, content: bytes) -> Iterator[_Block]:
    at = len(_MAGIC)
    while at < len(content):
        if at + _BLOCK.size > len(content):
            raise unusable(path, f"ends within the head of a block at byte {at:,}")
        kind_of_block, kind, channel, size = _BLOCK.unpack_from(content, at)
        begin, end = at + _BLOCK.size, at + _BLOCK.size + size
        if end > len(content):
            raise unusable(path, f"is truncated: its block at byte {at:,} lacks {end - len(content):,} bytes")
        place, at = at, end
        if kind_of_block not in (_AT_TIMES, _AT_A_RATE):
            yield _Block(place, kind_of_block, kind, channel)
            continue
        numbers = struct.Struct("<QQ" if kind_of_block == _AT_TIMES else "<QQQ")
        if begin + numbers.size > end:
            raise unusable(path, f"has a block at byte {place:,} of {size:,} bytes, too few for its times")
        times = numbers.unpack_from(content, begin)
        begin += numbers.size + times[-1]
        if begin > end:
            raise unusable(path, f"has a block at byte {place:,} whose metadata goes beyond it")
        period_ns = times[1] if kind_of_block == _AT_A_RATE else 0
        yield _Block(place, kind_of_block, kind, channel, times[0], period_ns, content[begin:end])


def _piece(path: Path, block: _Block, kind: _Kind) -> _Piece:
    timed = [("time", "<u8")] if block.type == _AT_TIMES else []
    sample = np.dtype([*timed, ("values", kind.type, (len(kind.axes),))])
    if len(block.samples) % sample.itemsize:
        raise unusable(path, f"has a block at byte {block.place:,} that ends within a sample")
    found = np.frombuffer(block.samples, sample)
    if not timed and not block.period_ns and len(found) > 1:
        raise unusable(path, f"has a block at byte {block.place:,} whose samples are 0 ns apart")
    return _Piece(found["values"] / kind.steps, block.start_ns, found["time"] if timed else None, block.period_ns)


def _sheet(kind: _Kind, channel: int, pieces: list[_Piece]) -> Sheet | None:
    some = [piece for piece in pieces if len(piece.values)]
    if not some:
        return None
    first = some[0]
    is_even = len(some) == 1 and first.times_ns is None and first.period_ns > 0
    return Sheet(
        names=kind.axes,
        frames=held(np.concatenate([piece.values for piece in some])),
        key=f"{kind.name}/{channel}" if channel else kind.name,
        units=(kind.unit,) * len(kind.axes),
        rate_hz=_NS / first.period_ns if is_even else None,
        start_s=first.start_ns / _NS if is_even else 0.0,
        times_s=None if is_even else np.concatenate([piece.times_s for piece in some]),
    )


def _received(path: Path, block: _Block) -> Iterator[Received]:
    at = number = 0
    while at < len(block.samples):
        time_ns = block.start_ns + number * block.period_ns
        if block.type == _AT_TIMES and at + _TIME.size <= len(block.samples):
            time_ns += _TIME.unpack_from(block.samples, at)[0]
            at += _TIME.size
        if at + _LENGTH.size > len(block.samples):
            raise unusable(path, f"has a block at byte {block.place:,} that ends within a sample")
        (length,) = _LENGTH.unpack_from(block.samples, at)
        at += _LENGTH.size
        if at + length > len(block.samples):
            raise unusable(path, f"has a block at byte {block.place:,} that ends within {length:,} bytes of data")
        yield Received(time_ns / _NS, block.samples[at : at + length], block.channel)
        at += length
        number += 1


def losses(trace: Trace, _path: Path) -> Iterator[str]:
    """As `Format` has it."""
    for signal, kind in ((signal, _kind(signal)) for signal in trace.signals):
        called = repr(signal.name) if signal.name else ", ".join(signal.axes)
        if kind is None:
            yield f"the signal {called}, for which it has no kind of sample"
            continue
        if signal.axes != kind.axes:
            yield f"the names of the axes {', '.join(signal.axes)}, which become {', '.join(kind.axes)}"
        if not all(_is_exact(block, signal, kind) for block in signal.blocks(_PIECE)):
            yield f"digits of {called} behind {1 / kind.steps:g} {kind.unit}, and values that 32 bits do not hold"
        if signal.begin_s < 0:
            yield f"that {called} begins before 0 s"


def write(trace: Trace, path: Path) -> Files:
    """As `Format` has it: the signals of which it has a kind, and what the UARTs received."""
    if not trace.received and not any(map(_kind, trace.signals)):
        kinds = ", ".join(f"{kind.name} ({kind.unit})" for kind in _KINDS)
        raise UsageError(
            f"{path.name} has no kind of sample for any signal of the trace.",
            remedy=f"Write .npz; RESD has {kinds}.",
            code="trace-unfit",
        )
    return {path: lambda stream: _write(trace, stream)}


def _write(trace: Trace, stream: BinaryIO) -> int:
    stream.write(_MAGIC)
    channels: dict[int, int] = defaultdict(int)
    clipped = 0
    for signal in trace.signals:
        kind = _kind(signal)
        if kind is not None:
            clipped += _write_signal(signal, kind, channels[kind.number], stream)
            channels[kind.number] += 1
    for channel in sorted({one.channel for one in trace.received}):
        some = sorted((one for one in trace.received if one.channel == channel), key=lambda one: one.time_s)
        samples = b"".join(
            _TIME.pack(max(0, round(one.time_s * _NS))) + _LENGTH.pack(len(one.data)) + one.data for one in some
        )
        stream.write(_BLOCK.pack(_AT_TIMES, _BINARY, channel, 16 + len(samples)) + struct.pack("<QQ", 0, 0) + samples)
    return clipped


def _write_signal(signal: RecordedSignal, kind: _Kind, channel: int, stream: BinaryIO) -> int:
    start_ns = max(0, round(signal.begin_s * _NS))
    period_ns = _NS / signal.rate_hz
    is_even = signal.times_s is None and period_ns.is_integer()
    size = (0 if is_even else 8) + np.dtype(kind.type).itemsize * len(kind.axes)
    head = struct.pack("<QQQ", start_ns, int(period_ns), 0) if is_even else struct.pack("<QQ", start_ns, 0)
    kind_of_block = _AT_A_RATE if is_even else _AT_TIMES
    stream.write(_BLOCK.pack(kind_of_block, kind.number, channel, len(head) + size * len(signal.frames)) + head)
    clipped = first = 0
    for block in signal.blocks(_PIECE):
        steps, beyond = _steps(block, signal, kind)
        clipped += beyond
        if is_even:
            stream.write(steps.tobytes())
        else:
            numbers = np.arange(first, first + len(block))
            since = numbers / signal.rate_hz if signal.times_s is None else signal.times_s[numbers] - signal.begin_s
            samples = np.empty(len(block), [("time", "<u8"), ("values", kind.type, (len(kind.axes),))])
            samples["time"], samples["values"] = np.rint(since * _NS), steps
            stream.write(samples.tobytes())
        first += len(block)
    return clipped


def _kind(signal: RecordedSignal) -> _Kind | None:
    """What a signal is by its units, and where several are alike by its name."""
    fitting = [kind for kind in _KINDS if len(kind.axes) == len(signal.axes) and _is_of(signal, kind)]
    return next((kind for kind in fitting if kind.name == _base(signal.name)), fitting[0] if fitting else None)


def _is_of(signal: RecordedSignal, kind: _Kind) -> bool:
    return all(units.factor(unit, kind.unit) is not None for unit in signal.units)


def _base(name: str) -> str:
    """Without the channel."""
    base, slash, channel = name.rpartition("/")
    return base if slash and channel.isdecimal() else name


def _whole(values: Values, signal: RecordedSignal, kind: _Kind) -> tuple[Values, Values]:
    """In steps as they are, and as the whole ones that are written."""
    steps = values * np.array([units.factor(unit, kind.unit) or 1.0 for unit in signal.units]) * kind.steps
    limits = np.iinfo(np.dtype(kind.type))
    return steps, np.clip(np.rint(steps), limits.min, min(limits.max, 2**63))


def _steps(values: Values, signal: RecordedSignal, kind: _Kind) -> tuple[NDArray[np.generic], int]:
    """Whole steps, and how many of them had to be clipped."""
    steps, whole = _whole(values, signal, kind)
    return whole.astype(kind.type), int(np.count_nonzero(np.abs(steps - whole) > 1))


def _is_exact(values: Values, signal: RecordedSignal, kind: _Kind) -> bool:
    """Whether they are whole steps, but for what a decimal fraction is off in binary."""
    steps, whole = _whole(values, signal, kind)
    return bool(np.all(np.abs(steps - whole) < _OFF))
