"""Which of a file's columns are the axes that are wanted, and in which unit each is, by the names that it gives them.

A name is read without regard to case. Its unit is in brackets, `x (g)` or `x [m/s^2]`, or behind the last underscore or
blank, `acc_x_mg`. What is left, but for everything that is no letter or digit, is the axis itself, `x`, or it with the
kind of sensor before or behind it: `ax`, `accX`, `acc_x`, `accelerometer.x`, `x_acc`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.errors import RecordingError
from lab.signals import dataset, units
from lab.signals.dataset import Dataset
from lab.signals.track import Wanted
from lab.signals.unusable import named, quoted, unusable

_BRACKETS = re.compile(r"^([^()\[\]]*)[(\[]([^()\[\]]*)[)\]]\s*$")
_BEHIND = re.compile(r"^(.+)[_\s/]([^_\s/]+(?:/[^_\s/]+)*)$")
_KINDS = {
    "g": ("a", "acc", "accel", "acceleration", "accelerometer"),
    "dps": ("g", "gyr", "gyro", "gyroscope", "rotation", "rotationrate"),
}
_TIMES = ("t", "time", "timestamp", "timestamps", "elapsed", "elapsedtime")


@dataclass(frozen=True)
class Chosen:
    """The positions of the axes' columns and of that of times, None without one, and their units, "" where unsaid."""

    axes: tuple[int, ...]
    units: tuple[str, ...]
    time: int | None = None
    time_unit: str = ""
    names: tuple[str, ...] = ()
    """Of the axes, as the file has them but for their units."""


def choose(
    path: Path,
    names: Sequence[str],
    wanted: Wanted,
    *,
    timed: bool,
    in_units: Sequence[str] = (),
    text: Collection[int] = (),
) -> Chosen:
    """The columns that are wanted, with that of times unless the file is `timed` by itself or dataset.toml is.

    `in_units` are the columns' units, where they do not stand in their names; the columns in `text` hold no numbers.
    Raises RecordingError where neither the names nor dataset.toml say which columns these are, in which unit, or when
    the frames were taken; it shows what to write.
    """
    said = wanted.dataset
    missing: list[tuple[str, str]] = []
    axes, why = _axes(path, names, wanted)
    if why:
        example = dataset.line("axes", list(names[-len(wanted.axes) :]), f"the columns of {', '.join(wanted.axes)}")
        missing.append((f"which of its columns are {', '.join(wanted.axes)} ({why})", example))
    of_axes = tuple(in_units[column] if in_units else _parts(names[column], units.is_known)[1] for column in axes)
    if said.unit is None and wanted.unit and (why or not all(of_axes)):
        others = ", ".join(units.names_like(wanted.unit)[1:])
        missing.append(
            (
                f"in which unit {', '.join(wanted.axes)} are",
                dataset.line("unit", wanted.unit, f"or {others or 'another'}"),
            )
        )
    time, time_unit = None, ""
    if not timed and said.rate_hz is None:
        time, time_unit, untold = _time(path, names, said, text)
        missing += untold
    if missing:
        raise dataset.undescribed(path, " and ".join(what for what, _ in missing), [line for _, line in missing])
    return Chosen(axes, of_axes, time, time_unit)


def every(
    path: Path,
    names: Sequence[str],
    said: Dataset,
    *,
    timed: bool,
    in_units: Sequence[str] | None = None,
    without: Collection[int] = (),
) -> Chosen:
    """All columns that are no time, but for those in `without`; or those that dataset.toml names as axes.

    Raises RecordingError where nothing says when frames were taken, and for a name that no column has.
    """
    time, time_unit = _of_time(path, names) if said.time is None and not timed else None, ""
    if not timed and said.rate_hz is None:
        time, time_unit, missing = _time(path, names, said, without)
        if missing:
            raise dataset.undescribed(path, missing[0][0], [missing[0][1]])
    if said.axes is not None:
        axes = tuple(_named(path, names, column) for column in said.axes)
    else:
        axes = tuple(at for at in range(len(names)) if at != time and at not in without)
    if not axes:
        raise unusable(path, "has no column of numbers")
    named_in = [(names[at], in_units[at]) if in_units is not None else parts(names[at]) for at in axes]
    used = None if said.rate_hz is not None else time
    of_axes = tuple(unit for _, unit in named_in)
    return Chosen(axes, of_axes, used, time_unit, tuple(name.strip() for name, _ in named_in))


def parts(name: str) -> tuple[str, str]:
    """The name of an axis without its unit, and the unit, "" where there is none."""
    return _parts(name, units.is_known)


def seconds(unit: str) -> float:
    """One of a unit of time that `choose` found, in seconds."""
    return _seconds(unit) or 1.0


def _time(
    path: Path, names: Sequence[str], said: Dataset, text: Collection[int]
) -> tuple[int | None, str, list[tuple[str, str]]]:
    """The column of times, its unit, and what is missing to know them, each with a line that says it."""
    time = _named(path, names, said.time) if said.time is not None else _of_time(path, names)
    if time is None or time in text:
        why = "" if time is None else f" (its column {quoted(names[time])} holds no numbers)"
        return None, "", [(f"when its frames were taken{why}", dataset.line("rate_hz", 50.0, "frames a second"))]
    unit = said.time_unit or _parts(names[time], _is_of_time)[1]
    if _seconds(unit) is None:
        line = dataset.line("time_unit", "ms", f"or {', '.join(unit for unit in units.SECONDS if unit != 'ms')}")
        return time, unit, [(f"in which unit its column {quoted(names[time])} is", line)]
    return time, unit, []


def _seconds(unit: str) -> float | None:
    return units.SECONDS.get(unit.strip().casefold())


def _is_of_time(unit: str) -> bool:
    return _seconds(unit) is not None


def _axes(path: Path, names: Sequence[str], wanted: Wanted) -> tuple[tuple[int, ...], str]:
    """The columns of the axes, or why they cannot be told."""
    said = wanted.dataset.axes
    if said is None:
        found = [_of_axis(names, axis, wanted) for axis in wanted.axes]
        why = next((reason for _, reason in found if reason), "")
        return (() if why else tuple(column for column, _ in found)), why
    if len(said) != len(wanted.axes):
        raise RecordingError(
            f"{path.parent / dataset.FILE}: axes names {len(said)} columns; the workload's axes are "
            f"{', '.join(wanted.axes)}.",
            remedy="Name a column for each, in that order.",
            code="recording-axes",
        )
    return tuple(_named(path, names, column) for column in said), ""


def counted(path: Path, count: int, wanted: Wanted, key: str = "") -> tuple[int, ...]:
    """The positions of the axes among columns without names.

    Raises RecordingError for a number of columns other than that of axes, unless dataset.toml says which they are.
    """
    if wanted.dataset.axes is not None:
        return _axes(path, [str(number) for number in range(1, count + 1)], wanted)[0]
    if count != len(wanted.axes):
        raise _other_axes(path, f"has {count} columns without names", wanted, key)
    return tuple(range(count))


def _other_axes(path: Path, what: str, wanted: Wanted, key: str) -> RecordingError:
    many = len(wanted.axes)
    return RecordingError(
        f"{named(path, key)} {what}; the workload's {'axes are' if many > 1 else 'axis is'} {', '.join(wanted.axes)}.",
        remedy=f"Name the columns of {', '.join(wanted.axes)}, in that order, as axes in {dataset.FILE} beside it, or "
        "leave it out.",
        code="recording-axes",
    )


def _named(path: Path, names: Sequence[str], column: str) -> int:
    exact = [index for index, name in enumerate(names) if name == column]
    found = exact or [index for index, name in enumerate(names) if name.casefold() == column.casefold()]
    if len(found) != 1:
        how = "two columns" if found else "no column"
        raise RecordingError(
            f"{named(path)} has {how} named {quoted(column)}, which {dataset.FILE} asks for; it has {_listed(names)}.",
            remedy=f"Correct {dataset.FILE}, or take the file out of the folder.",
            code="recording-axes",
        )
    return found[0]


def _of_axis(names: Sequence[str], axis: str, wanted: Wanted) -> tuple[int, str]:
    """The column of an axis, and what keeps it from being told."""
    small = _letters(axis)
    kinds = next((kinds for unit, kinds in _KINDS.items() if units.factor(unit, wanted.unit) is not None), ())
    meant = {small, *(kind + small for kind in kinds), *(small + kind for kind in kinds)}
    found = [index for index, name in enumerate(names) if _letters(_parts(name, units.is_known)[0]) in meant]
    if not found:
        return 0, f"none is named {axis}; it has {_listed(names)}"
    return found[0], f"{_listed([names[index] for index in found])} may both be {axis}" if len(found) > 1 else ""


def _of_time(path: Path, names: Sequence[str]) -> int | None:
    found = [i for i, name in enumerate(names) if _letters(_parts(name, _is_of_time)[0]) in _TIMES]
    if len(found) > 1:
        raise RecordingError(
            f"{named(path)} has several columns that may be the time: {_listed([names[i] for i in found])}.",
            remedy=f"Say in {dataset.FILE} beside it which is: time = {names[found[0]]!r}",
            code="recording-axes",
        )
    return found[0] if found else None


def _parts(name: str, is_unit: Callable[[str], bool]) -> tuple[str, str]:
    """A name without its unit, and the unit."""
    if brackets := _BRACKETS.match(name):
        return brackets[1], brackets[2].strip()
    behind = _BEHIND.match(name.strip())
    return (behind[1], behind[2]) if behind and is_unit(behind[2]) else (name, "")


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names[:12])) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
