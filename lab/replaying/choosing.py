"""Which of a trace's signals a workload's sensor delivers, and which of its columns are the axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.errors import RecordingError, UnknownName, UsageError
from lab.signals import columns, dataset, units
from lab.signals.dataset import Dataset
from lab.signals.input import Input
from lab.signals.track import Wanted
from lab.traces.trace import RecordedSignal, Trace

_OF_NUMBERS = "float64"
"""The encoding of values that are in their unit; others are parts of a full scale, unless they say a unit."""


@dataclass(frozen=True)
class Chosen:
    """A signal, the positions of its columns for each axis, and what each is multiplied with to be in the unit.

    With `mixes` the columns are channels of a sound that are averaged to one.
    """

    signal: RecordedSignal
    columns: tuple[int, ...]
    factors: tuple[float, ...]
    mixes: bool = False
    notes: tuple[str, ...] = ()


def choose(path: Path, trace: Trace, played: Input, name: str = "") -> Chosen:
    """The signal of that name, or the one that has the workload's axes.

    `path` is where the trace is from, for errors and for what a dataset.toml beside it says. Raises RecordingError
    where none has the axes or several have, UsageError where there is none and for pictures, and UnknownName.
    """
    played.check_goes_on("A trace")
    signals = _named(trace, name) if name else trace.signals
    if not signals:
        raise UsageError(
            f"{path} has no signal of a sensor.", remedy="Name another file; `lab trace info FILE` shows what is in it."
        )
    described = dataset.read(dataset.beside(path.parent))
    found, problems = [], []
    for signal in signals:
        try:
            found.append(_of_sound(path, signal) if played.is_sound else _of_axes(path, signal, played, described))
        except RecordingError as error:
            problems.append(error)
    if not found:
        raise problems[0]
    if len(found) > 1:
        names = ", ".join(repr(one.signal.name) for one in found)
        raise RecordingError(
            f"{path} has {len(found)} signals that the {played.sensor} could deliver: {names}.",
            remedy="Say with --signal which it is.",
            code="trace-signal",
        )
    return found[0]


def _named(trace: Trace, name: str) -> Sequence[RecordedSignal]:
    known = [signal.name for signal in trace.signals]
    if name not in known:
        raise UnknownName("signal of the trace", name, known)
    return [signal for signal in trace.signals if signal.name == name]


def _of_sound(path: Path, signal: RecordedSignal) -> Chosen:
    if other := [unit for unit in signal.units if unit]:
        raise RecordingError(
            f"{path} has a signal {signal.name!r} in {other[0]!r}, which is no sound.",
            remedy="Name a sound file, or with --signal the one that is sound.",
            code="trace-signal",
        )
    channels = len(signal.axes)
    notes = (f"mixed {channels} channels",) if channels > 1 else ()
    return Chosen(signal, tuple(range(channels)), (1.0,) * channels, channels > 1, notes)


def _of_axes(path: Path, signal: RecordedSignal, played: Input, described: Dataset) -> Chosen:
    wanted = Wanted(played.axes, played.unit, played.range, described)
    if all(axis.isdigit() for axis in signal.axes):
        axes = columns.counted(path, len(signal.axes), wanted)
    else:
        axes = columns.choose(path, signal.axes, wanted, timed=True, in_units=signal.units).axes
    factors = []
    for column in axes:
        unit = described.unit or signal.units[column]
        factor = units.factor(unit or played.unit, played.unit)
        if factor is None:
            raise RecordingError(
                f"{path}: {signal.axes[column]} is in {unit!r}, which cannot be {played.unit}.",
                remedy=f"Name the columns of {', '.join(played.axes)} as axes in {dataset.FILE} beside it.",
                code="recording-unit",
            )
        is_part = signal.encoding != _OF_NUMBERS and not signal.units[column]
        factors.append(factor * played.range if is_part and not described.full_scale else factor)
    return Chosen(signal, axes, tuple(factors))
