"""Reading a trace. Nothing is repaired: uneven times, gaps and drift are kept as they were recorded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.errors import RecordingError, did_you_mean
from lab.signals import columns, dataset
from lab.signals.columns import Chosen
from lab.signals.dataset import Dataset
from lab.signals.signal import SOUND
from lab.signals.unusable import named, unusable
from lab.traces import formats, labels, numbers, timing
from lab.traces.sheet import Sheet
from lab.traces.trace import Frames, Held, Label, RecordedSignal, Trace, Values

_LONGEST_S = 1e8
"""Three years: times beyond it are no seconds, and make pictures and tables of no use."""

_SLOWEST_HZ, _FASTEST_HZ = 1e-3, 1e8
_OF_A_CLOCK = 1e7
"""Seconds: times from so late on are those of a clock that runs since 1970, and not of the recording."""


def read(path: Path, described: Dataset | None = None, labelled: Path | None = None) -> Trace:
    """The trace in a file, by the ending of its name. Sound is not read before its frames are asked for.

    `described` says what the file does not; without it the dataset.toml beside it does, if there is one. `labelled` is
    a file of labels; without it the one beside the trace is read, if the format has none and there is one.
    Raises RecordingError, naming the file and the place in it, and ConfigurationError for a broken dataset.toml.
    """
    form = formats.by_ending().get(path.suffix.lower())
    if form is None:
        known = ", ".join(sorted(formats.by_ending()))
        raise RecordingError(
            f"{named(path)} is no trace: the lab reads files that end in {known}.",
            remedy="Name another one, or rename it after its format.",
            code="trace-ending",
        )
    if not path.exists():
        beside = (one.name for one in path.parent.glob("*") if one.suffix.lower() in formats.by_ending())
        raise RecordingError(
            f"There is no trace {named(path)}.{did_you_mean(path.name, beside)}",
            remedy="Name a file of what a sensor delivered; docs/traces.md has the formats.",
            code="no-trace",
        )
    said = described_by(path) if described is None else described
    content = formats.read(path, said)
    found = [_of_sheet(path, sheet, said) for sheet in content.sheets]
    of_sheet: tuple[Label, ...] = ()
    if len(found) == 1 and content.sheets[0].label:
        of_sheet = (Label(found[0].signal.begin_s, found[0].signal.end_s, content.sheets[0].label),)
    if labelled is None and not form.HAS_LABELS and labels.beside(path).exists():
        labelled = labels.beside(path)
    spans, marks = labels.read(labelled) if labelled is not None else ((), ())
    trace = Trace(
        tuple(one.signal for one in found),
        (*of_sheet, *content.labels, *spans),
        (*content.marks, *marks),
        content.received,
        (*content.notes, *(note for one in found for note in one.notes)),
    )
    if trace.end_s > _LONGEST_S:
        raise unusable(path, f"goes on until {trace.end_s:.6g} s, which is no time in seconds")
    return trace


def described_by(path: Path) -> Dataset:
    """What the dataset.toml beside a file says; nothing without one. Raises ConfigurationError."""
    return dataset.read(dataset.beside(path.parent))


@dataclass(frozen=True)
class _Read:
    signal: RecordedSignal
    notes: tuple[str, ...]


def _of_sheet(path: Path, sheet: Sheet, said: Dataset) -> _Read:
    """All columns of a sheet that hold numbers, or those that `said` names. Raises RecordingError."""
    if sheet.problem:
        raise sheet.problem
    chosen = columns.every(path, sheet.names, said, timed=sheet.is_timed, in_units=sheet.units, without=sheet.text)
    axes = chosen.names
    frames = sheet.frames(chosen.axes)
    scale = said.full_scale if sheet.of_full_scale else None
    if scale is not None and scale != 1:
        frames = _Scaled(frames, scale)
    if isinstance(frames, Held):
        _check_numbers(path, sheet, frames.values, axes)
    if not len(frames):
        raise unusable(path, "has no frames", sheet.key)
    timed = _times(path, sheet, chosen, said)
    if not _SLOWEST_HZ <= timed.rate_hz <= _FASTEST_HZ or len(frames) / timed.rate_hz > _LONGEST_S:
        what = f"has {len(frames):,} frames at {timed.rate_hz:.6g} Hz, which no sensor has delivered"
        raise unusable(path, what, sheet.key)
    left = [sheet.names[at] for at in sorted(sheet.text)] if said.axes is None else []
    signal = RecordedSignal(
        name=sheet.key,
        axes=SOUND if sheet.of_full_scale and not said.unit and len(axes) == 1 else axes,
        units=tuple(said.unit or unit for unit in chosen.units),
        frames=frames,
        rate_hz=timed.rate_hz,
        times_s=timed.times_s,
        start_s=timed.start_s,
        encoding=sheet.encoding,
    )
    return _Read(signal, (*timed.notes, *(f"left out: column {name!r}, which holds no numbers" for name in left)))


@dataclass(frozen=True)
class _Times:
    rate_hz: float
    start_s: float = 0.0
    times_s: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()


def _times(path: Path, sheet: Sheet, chosen: Chosen, said: Dataset) -> _Times:
    """When the frames were taken. Raises RecordingError where time does not go on, or tells no rate."""
    times = sheet.times_s
    notes: tuple[str, ...] = ()
    if chosen.time is not None:
        times, notes = _written(sheet, chosen.time, chosen.time_unit)
    if said.rate_hz is not None or times is None:
        return _Times(said.rate_hz or sheet.rate_hz or 0.0, sheet.start_s)
    _check_times(path, sheet, times)
    even = timing.even_rate(times)
    if even is not None:
        return _Times(even, float(times[0]), None, notes)
    clock = timing.clock(times)
    if clock is None:
        few = "1 frame" if len(times) == 1 else f"{len(times):,} frames of one time"
        raise dataset.undescribed(
            path, f"at which rate its {few} were recorded", [dataset.line("rate_hz", 50.0, "frames a second")]
        )
    return _Times(sheet.rate_hz or clock.rate_hz, float(times[0]), times, notes)


def _written(sheet: Sheet, column: int, unit: str) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """The times in a column, in seconds."""
    frames = sheet.frames((column,))
    times = frames.read(0, len(frames))[:, 0]
    unit_s = columns.seconds(unit)
    with np.errstate(over="ignore", invalid="ignore"):  # infinite ones are found where there is a line to name
        if not times[0] * unit_s > _OF_A_CLOCK:
            return times * unit_s, ()
        return (times - times[0]) * unit_s, (f"its times count from {times[0]:.16g} {unit}",)


def _check_times(path: Path, sheet: Sheet, times_s: NDArray[np.float64]) -> None:
    bad = np.flatnonzero(~np.isfinite(times_s) | (np.abs(times_s) > _OF_A_CLOCK))
    if len(bad):
        raise _untimed(path, sheet, f"has no time in seconds at {sheet.place(int(bad[0]))}")
    steps = np.diff(times_s)
    back = np.flatnonzero(steps < 0)
    if len(back):
        frame = int(back[0]) + 1
        raise _untimed(path, sheet, f"has a time that goes back by {-steps[frame - 1]:.6g} s at {sheet.place(frame)}")


def _untimed(path: Path, sheet: Sheet, why: str) -> RecordingError:
    return RecordingError(
        f"{named(path, sheet.key)} {why}.",
        remedy=f"If its frames come at an even rate and its times are wrong, say rate_hz in {dataset.FILE} beside it; "
        "else cut the file there.",
        code="recording-times",
    )


def _check_numbers(path: Path, sheet: Sheet, values: Values, axes: tuple[str, ...]) -> None:
    bad = numbers.unusable_at(values)
    if bad is not None:
        value = numbers.in_words(values[bad])
        raise unusable(path, f"holds {value} at {sheet.place(bad[0])}, axis {axes[bad[1]]}", sheet.key)


@dataclass(frozen=True)
class _Scaled:
    """Frames of which full scale is another number."""

    of: Frames
    full_scale: float

    def __len__(self) -> int:
        return len(self.of)

    def read(self, first: int, count: int) -> Values:
        return self.of.read(first, count) * self.full_scale
