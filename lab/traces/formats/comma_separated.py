"""Tables of text: a header, then a line for each frame, its values between commas, semicolons, tabs or bars.

`lab/signals/columns.py` says how a header names its columns. Lines that are empty or begin with "#" are left out.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from lab import files
from lab.errors import RecordingError
from lab.signals import columns
from lab.signals.dataset import Dataset
from lab.signals.signal import Signal
from lab.signals.unusable import quoted, unusable
from lab.traces.holds import Files, Holds, too_large
from lab.traces.sheet import Content, Sheet
from lab.traces.trace import Frames, Held, RecordedSignal, Trace

ENDINGS = OF_RECORDINGS = WRITES = frozenset({".csv", ".tsv"})
SAYS_LABELS = HAS_LABELS = False

_MOST_BYTES = 32 * files.MEGABYTE
_SEPARATORS = ",;\t|"
_MOST_COLUMNS = 1_000
_QUOTE = '"'
_BLOCK = 2**14
_HOLDS = Holds(axes=True, units=True, times=True, start=True, any_rate=True)


@dataclass(frozen=True)
class _Table:
    """`rows` of text, and the line of the file that each is on."""

    names: list[str]
    separator: str
    rows: list[str]
    lines: NDArray[np.int64]


def read(path: Path, _described: Dataset) -> Content:
    """The recording of a file. Raises RecordingError and OSError."""
    table = _table(path)
    first = _split(table.rows[0], table.separator)
    text = (
        at
        for at in range(len(table.names))
        if at >= len(first) or not (_is_number(first[at]) or _has_a_comma(first[at]))
    )

    def frames(chosen: Sequence[int]) -> Frames:
        return Held(_numbers(path, table, chosen))

    return Content((Sheet(names=tuple(table.names), frames=frames, lines=table.lines, text=frozenset(text)),))


def losses(trace: Trace, _path: Path) -> Iterator[str]:
    """As `Format` has it."""
    yield from _HOLDS.losses(trace)
    for signal in trace.signals[:1]:
        if len(signal.frames) < 2:
            yield "its rate, which one frame does not tell"
        if not _are_read_back(signal):
            yield f"the names of its axes, {', '.join(signal.axes)}, which would be read as something else"


def write(trace: Trace, path: Path) -> Files:
    """As `Format` has it: the first signal, to the last digit."""
    return {path: lambda stream: _write(path, trace.signals[0], _separator(path), stream)}


def _write(path: Path, signal: RecordedSignal, separator: str, stream: BinaryIO) -> int:
    axes = signal.axes if _are_read_back(signal) else tuple(f"axis {number}" for number in range(len(signal.axes)))
    stream.write(_line(_header(axes, signal.units), separator))
    first = written = 0
    for block in signal.blocks(_BLOCK):
        numbers = np.arange(first, first + len(block))
        times = signal.start_s + numbers / signal.rate_hz if signal.times_s is None else signal.times_s[numbers]
        lines = "".join(
            f"{separator.join(map(repr, (time, *frame)))}\n"
            for time, frame in zip(times.tolist(), block.tolist(), strict=True)
        )
        written += stream.write(lines.encode())
        first += len(block)
        if written > _MOST_BYTES:
            raise too_large(path, f"would have more than {_MOST_BYTES:,} bytes, the most that is read of such a file")
    return 0


def _are_read_back(signal: RecordedSignal) -> bool:
    """Whether names and units are the same when they are read: an axis may be called as a column of times is."""
    header = _header(signal.axes, signal.units)
    if any(character in name for name in header for character in "\r\n\0"):
        return False
    try:
        found = columns.every(Path(), header, Dataset(), timed=False)
    except RecordingError:
        return False
    return (found.names, found.units) == (signal.axes, signal.units)


def _header(axes: Sequence[str], units: Sequence[str]) -> list[str]:
    return ["time (s)", *map(_heading, axes, units)]


def _heading(axis: str, unit: str) -> str:
    """A name and its unit as they are read back: brackets keep what is behind a name's last "_" from being a unit."""
    return f"{axis} ({unit})" if unit or columns.parts(axis) != (axis, "") else axis


def _line(fields: Sequence[str], separator: str) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=separator, lineterminator="\n").writerow(fields)
    return line.getvalue().encode()


def _separator(path: Path) -> str:
    return "\t" if path.suffix.lower() == ".tsv" else ","


def written(signals: Iterable[Signal]) -> Iterator[str]:
    """Blocks of a sensor's signal as a table that is read back to the step, in few digits; a piece for each block."""
    numbers = count()
    for place, signal in enumerate(signals):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if not place:
            writer.writerow(_header(signal.axes, (signal.unit,) * signal.channels))
        for frame in (signal.samples / signal.steps_per_unit).tolist():
            writer.writerow([f"{next(numbers) / signal.rate_hz:.9g}", *(f"{value:.6g}" for value in frame)])
        yield text.getvalue()


def _table(path: Path) -> _Table:
    try:
        text = files.text(path, _MOST_BYTES).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise unusable(path, "is no text in UTF-8") from error
    if "\0" in text:
        raise unusable(path, "is no text: it holds null characters")
    every = text.split("\n")
    kept = np.fromiter((at for at, line in enumerate(every) if line.strip() and not line.startswith("#")), np.int64)
    if not len(kept):
        raise unusable(path, "is empty")
    header = every[kept[0]]
    separator = max(_SEPARATORS, key=header.count)
    names = _split(header, separator)
    if len(names) > _MOST_COLUMNS:
        raise unusable(path, f"has {len(names):,} columns")
    if all(_is_number(name) for name in names):
        names = [str(number) for number in range(1, len(names) + 1)]
    else:
        kept = kept[1:]
    if not len(kept):
        raise unusable(path, "has a header and no frames")
    return _Table(names, separator, [every[at] for at in kept], kept + 1)


def _numbers(path: Path, table: _Table, chosen: Sequence[int]) -> NDArray[np.float64]:
    """float64 [frames, columns]."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.loadtxt(
                table.rows,
                delimiter=table.separator,
                usecols=chosen,
                comments=None,
                quotechar=_QUOTE,
                ndmin=2,
                max_rows=len(table.rows),
            )
    except ValueError as error:
        raise _first_fault(path, table, chosen, str(error)) from None


def _first_fault(path: Path, table: _Table, chosen: Sequence[int], otherwise: str) -> RecordingError:
    """The first line that has no number in one of the columns, for the error."""
    for row, line in zip(table.rows, table.lines, strict=True):
        fields = _split(row, table.separator)
        for column in chosen:
            if column >= len(fields):
                return unusable(path, f"has {len(fields)} columns in line {line:,}; its header has {len(table.names)}")
            if not _is_number(fields[column]):
                where = f"line {line:,}, column {quoted(table.names[column])}"
                return unusable(path, f"cannot be read at {where}: {_no_number(fields[column])}")
    return unusable(path, f"is no table that can be read: {otherwise[:200]}")


def _no_number(field: str) -> str:
    if not field:
        return "there is no number"
    return f"{quoted(field)} is no number{', write a decimal point' if _has_a_comma(field) else ''}"


def _has_a_comma(field: str) -> bool:
    """Whether it is a number with a decimal comma, or one between thousands: nothing tells."""
    return "," in field and _is_number(field.replace(",", ".", 1))


def _split(line: str, separator: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([line], delimiter=separator, quotechar=_QUOTE), [])]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text
