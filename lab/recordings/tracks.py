"""The recordings in a file, with the workload's axes: a choice among the columns that the file's format has."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.errors import RecordingError
from lab.signals import columns, units
from lab.signals.track import Track, Wanted
from lab.signals.unusable import unusable
from lab.traces import formats
from lab.traces.sheet import Sheet
from lab.traces.trace import Values

_MOST_VALUES = 2**25  # FLAC packs hours of silence into a megabyte


def endings() -> frozenset[str]:
    """Of all files that are read."""
    return frozenset(ending for ending, form in formats.by_ending().items() if ending in form.OF_RECORDINGS)


def says_labels(path: Path) -> bool:
    """Whether a file of that name says which labels its recordings have."""
    return formats.by_ending()[path.suffix.lower()].SAYS_LABELS


def read(path: Path, wanted: Wanted) -> list[Track]:
    """The recordings in a file, each with a key of its own.

    What is wrong with one of several is the `problem` of its track. Raises RecordingError for a file of which nothing
    can be used.
    """
    sheets = formats.read(path, wanted.dataset).sheets
    sheets = tuple(sheet for sheet in sheets if _may_be(sheet, wanted)) or sheets
    if len(sheets) == 1 and not sheets[0].key:
        return [_track(path, sheets[0], wanted)]
    return [_or_problem(path, sheet, wanted) for sheet in sheets]


def _may_be(sheet: Sheet, wanted: Wanted) -> bool:
    """Whether one of its columns may be in the unit that is wanted: a file may have signals of several sensors."""
    return not sheet.units or any(not unit or units.factor(unit, wanted.unit) is not None for unit in sheet.units)


def _or_problem(path: Path, sheet: Sheet, wanted: Wanted) -> Track:
    try:
        return _track(path, sheet, wanted)
    except RecordingError as error:
        return Track(key=sheet.key, label=sheet.label, person=sheet.person, problem=error)


def _track(path: Path, sheet: Sheet, wanted: Wanted) -> Track:
    if sheet.problem:
        raise sheet.problem
    said = wanted.dataset
    chosen = _chosen(path, sheet, wanted)
    values = _values(path, sheet, chosen.axes)
    if sheet.of_full_scale:
        with np.errstate(over="ignore"):
            values = values * (said.full_scale or wanted.range)
    times = sheet.times_s
    if chosen.time is not None:
        times = _from_the_first(_values(path, sheet, (chosen.time,))[:, 0], columns.seconds(chosen.time_unit))
    return Track(
        key=sheet.key,
        values=values,
        units=tuple(said.unit or unit for unit in chosen.units),
        times_s=times,
        rate_hz=said.rate_hz or (sheet.rate_hz if times is None else None),
        label=sheet.label,
        person=sheet.person,
        lines=sheet.lines,
    )


def _chosen(path: Path, sheet: Sheet, wanted: Wanted) -> columns.Chosen:
    if sheet.is_named:
        return columns.choose(
            path, sheet.names, wanted, timed=sheet.is_timed, in_units=sheet.units or (), text=sheet.text
        )
    axes = columns.counted(path, len(sheet.names), wanted, sheet.key)
    usual = (wanted.unit if sheet.of_full_scale else "",) * len(sheet.names)
    return columns.Chosen(axes, tuple((sheet.units or usual)[column] for column in axes))


def _values(path: Path, sheet: Sheet, chosen: tuple[int, ...]) -> Values:
    frames = sheet.frames(chosen)
    if len(frames) * len(sheet.names) > _MOST_VALUES:
        raise unusable(path, f"has {len(frames):,} frames of {len(sheet.names):,} channels: split it", sheet.key)
    return frames.read(0, len(frames))


def _from_the_first(times: NDArray[np.float64], unit_s: float) -> NDArray[np.float64]:
    """In seconds from the first on: of times since 1970 the fractions would be lost."""
    with np.errstate(over="ignore", invalid="ignore"):  # infinite ones are found where there is a line to name
        return (times - times[:1]) * unit_s
