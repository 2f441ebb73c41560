"""NumPy's archives: arrays [frames, axes], or [clips, frames, axes] for several recordings of one length.

An array is named after its label, with a number if there are several: `walking`, `wing_07`. Scalars beside them hold
for all: `fs`, frames a second; `subject` or `person`; `speed` or another condition, where there is no person; `label`,
if arrays are named otherwise; `unit`. Numbers without a unit are in the workload's. A name such as `acc` is no
label: the file's name may say one.

An archive may also be a whole trace: lab/traces/trace_archive.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import files, npz
from lab.errors import RecordingError
from lab.signals import dataset
from lab.signals.dataset import Dataset
from lab.signals.unusable import quoted, unusable
from lab.traces import trace_archive
from lab.traces.holds import Files
from lab.traces.sheet import Content, Sheet
from lab.traces.trace import Frames, Held, Trace

ENDINGS = OF_RECORDINGS = WRITES = frozenset({".npz"})
SAYS_LABELS = HAS_LABELS = True

_MOST_BYTES = 64 * files.MEGABYTE
_MOST_UNPACKED = 256 * files.MEGABYTE
_MOST_VALUES = 2**25
_MOST_COLUMNS = 1_000
_MOST_CLIPS = 100_000
_RATES = ("fs", "rate_hz", "sample_rate", "sampling_rate", "hz")
_PEOPLE = ("person", "subject", "speaker", "speed", "condition")
_UNITS = ("unit", "units")
_NUMBER = re.compile(r"_\d+$")
_NO_LABELS = ("acc", "accel", "acceleration", "arr", "data", "samples", "signal", "values", "x")
"""What arrays are called that are not named after a label; numpy itself calls them arr_0."""

Arrays = Mapping[str, NDArray[np.generic]]


def read(path: Path, described: Dataset) -> Content:
    """The arrays of an archive. Raises RecordingError and OSError."""
    if trace_archive.is_one(path):
        return trace_archive.read(path)
    arrays = _arrays(path)
    scalars = {name: value.item() for name, value in arrays.items() if value.ndim == 0}
    rate_hz = described.rate_hz or _number(path, scalars, _RATES)
    clips = sum(len(array) for array in arrays.values() if array.ndim == 3)
    if clips > _MOST_CLIPS:  # of no frames a few bytes may have any number
        raise unusable(path, f"has {clips:,} clips, and {_MOST_CLIPS:,} are the most that are read: split it")
    if rate_hz is None:
        line = dataset.line("rate_hz", 50.0, "frames a second")
        raise dataset.undescribed(path, "at which rate it was recorded: it has no scalar fs", [line])
    unit = described.unit or _text(scalars, _UNITS)
    bare = Sheet(is_named=False, rate_hz=rate_hz, person=_text(scalars, _PEOPLE))
    found: list[Sheet] = []
    for name, array in arrays.items():
        if array.ndim:
            of_array = replace(bare, key=name, label=_text(scalars, ("label",)) or _label(name))
            found += _of_array(path, of_array, array, unit)
    return Content(tuple(found))


def _label(name: str) -> str:
    word = _NUMBER.sub("", name)
    return "" if word in _NO_LABELS else word


def _of_array(path: Path, sheet: Sheet, array: NDArray[np.generic], unit: str) -> Iterator[Sheet]:
    """The recordings of an array, each with what `sheet` says of all of them."""
    try:
        _check(path, sheet.key, array)
    except RecordingError as error:
        yield replace(sheet, problem=error)
        return
    columns = array.shape[-1]
    of_columns = replace(sheet, names=tuple(map(str, range(1, columns + 1))), units=(unit,) * columns)
    if array.ndim == 2:
        yield replace(of_columns, frames=_held(array))
    for number, clip in enumerate(array if array.ndim == 3 else ()):
        yield replace(of_columns, key=f"{sheet.key}/{number}", frames=_held(clip))


def _held(array: NDArray[np.generic]) -> Callable[[Sequence[int]], Frames]:
    return lambda columns: Held(array[:, list(columns)].astype(np.float64))


def _check(path: Path, name: str, array: NDArray[np.generic]) -> None:
    if not (np.issubdtype(array.dtype, np.floating) or np.issubdtype(array.dtype, np.integer)):
        raise unusable(path, f"holds {array.dtype}, which is no numbers", name)
    if array.ndim not in (2, 3):
        what = f"is of shape {list(array.shape)}: [n, axes] or [clips, n, axes] is needed"
        raise unusable(path, what, name)
    if array.shape[-1] > _MOST_COLUMNS:
        raise unusable(path, f"has {array.shape[-1]:,} columns", name)


def losses(_trace: Trace, _path: Path) -> Iterator[str]:
    """As `Format` has it: it has room for everything."""
    return iter(())


def write(trace: Trace, path: Path) -> Files:
    """As `Format` has it."""
    return {path: lambda stream: trace_archive.write(trace, stream)}


def _arrays(path: Path) -> Arrays:
    try:
        arrays = npz.read(path, _MOST_BYTES, _MOST_UNPACKED)
    except ValueError as error:
        raise unusable(path, f"is no NumPy archive that can be read: {error}") from error
    if sum(array.size for array in arrays.values()) > _MOST_VALUES:
        raise unusable(path, f"has more than {_MOST_VALUES:,} values: split it")
    return arrays


def _text(scalars: Mapping[str, object], names: tuple[str, ...]) -> str:
    return next((str(scalars[name]) for name in names if name in scalars), "")


def _number(path: Path, scalars: Mapping[str, object], names: tuple[str, ...]) -> float | None:
    for name in names:
        if name in scalars:
            value = scalars[name]
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < np.inf:
                raise unusable(path, f"has {quoted(value)} as {name}: frames a second are needed")
            return float(value)
    return None
