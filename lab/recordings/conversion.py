"""A track of a file as the workload's sensor would have delivered it: at its rate, in its steps, within its range."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from lab.errors import RecordingError
from lab.signals import dataset, resampling, timing, units
from lab.signals.input import Input
from lab.signals.track import Track
from lab.signals.unusable import named, quoted, unusable

LEAST_RATE = 0.5
"""Of the workload's rate: of a slower recording more than half of the band is missing."""

MOST_RATE = 100
"""Times the workload's rate: of a faster one rather the unit of its times is another."""

LEAST_WINDOW = 0.1
"""Of a window must be there: two frames are no recording."""

_MOST_RANGES = 1e6
"""Times the sensor's range a number may be before it is clipped for the first time: filters overflow else."""

_SAME_RATE = 0.01
"""Oscillators of sensors are that far off, so that times tell 49.8 Hz of a part that is set to 50."""


@dataclass(frozen=True)
class Converted:
    """int16 `samples` [frames, channels]; `clipped` counts the values that lay beyond the sensor's range."""

    samples: NDArray[np.int16]
    notes: tuple[str, ...]
    clipped: int
    label: str
    person: str


def converted(path: Path, track: Track, played: Input) -> Converted:
    """Raises RecordingError, naming the file, the recording in it and the line or frame, for what cannot be played."""
    if track.problem:
        raise track.problem
    _check_numbers(path, track, played)
    with np.errstate(over="ignore"):
        values = track.values * _factors(path, track, played)
    most = _MOST_RANGES * played.range
    values, rate_hz, notes = _even(path, track, np.clip(values, -most, most))
    _check_rate(path, track, rate_hz, played)
    seconds = len(values) / rate_hz
    if seconds < LEAST_WINDOW * played.window_s:
        few = f"{_frames(len(track.values))}, {seconds:.3g} s"
        raise unusable(path, f"has {few}; a window is {played.window_s:g} s, of which a tenth must be there", track.key)
    values, of_rate = _at_rate(track, values, rate_hz, played.rate_hz)
    samples, beyond = _in_steps(values, played)
    _check_range(path, track, beyond, played)
    return Converted(samples, (*notes, *of_rate), int(np.count_nonzero(beyond)), track.label, track.person)


def _check_numbers(path: Path, track: Track, played: Input) -> None:
    if not len(track.values):
        raise unusable(path, "has no frames", track.key)
    finite = np.isfinite(track.values)
    if not finite.all():
        frame, axis = (int(index) for index in np.argwhere(~finite)[0])
        value = "NaN" if np.isnan(track.values[frame, axis]) else "infinity"
        raise unusable(path, f"holds {value} at {track.place(frame)}, axis {played.axes[axis]}", track.key)


def _factors(path: Path, track: Track, played: Input) -> NDArray[np.float64]:
    """What each axis is multiplied with."""
    found = []
    for unit in track.units:
        factor = units.factor(unit, played.unit) if unit else 1.0
        if factor is None:
            raise RecordingError(
                f"{named(path, track.key)} is in {quoted(unit)}, which cannot be {played.unit or 'full scale'}.",
                remedy=f"Say what it is in, in {dataset.FILE} beside it: unit = one of "
                f"{', '.join(units.names_like(played.unit))}; or name the columns that are, as axes.",
                code="recording-unit",
            )
        found.append(factor)
    return np.array(found)


def _even(path: Path, track: Track, values: NDArray[np.float64]) -> tuple[NDArray[np.float64], float, list[str]]:
    """The values at an even rate, that rate, and what was done."""
    if track.rate_hz is not None or track.times_s is None:
        return values, track.rate_hz or 0.0, []
    if len(values) < 3:
        raise unusable(path, f"has {_frames(len(values))}, too few to tell a rate", track.key)
    try:
        even = timing.even(values, track.times_s, track.place)
    except timing.Uneven as error:
        raise RecordingError(
            f"{named(path, track.key)} {error}.",
            remedy=f"If its frames come at an even rate and its times are wrong, say rate_hz in {dataset.FILE} beside "
            "it; else cut the file there, or take it out of the folder.",
            code="recording-times",
        ) from error
    return even.values, even.rate_hz, ["had uneven times, made even by interpolation"] * even.moved


def _check_rate(path: Path, track: Track, rate_hz: float, played: Input) -> None:
    wanted = played.rate_hz
    if not LEAST_RATE <= rate_hz / wanted <= MOST_RATE:
        why = "so slow that it lacks what the workload listens for" if rate_hz < wanted else "no rate that can be meant"
        raise RecordingError(
            f"{named(path, track.key)} has a rate of {rate_hz:,.6g} Hz, and the workload's is {wanted:,} Hz: {why}.",
            remedy=f"If that is not its rate, say rate_hz or time_unit in {dataset.FILE} beside it; else take it out.",
            code="recording-rate",
        )


def _check_range(path: Path, track: Track, beyond: NDArray[np.bool_], played: Input) -> None:
    """No sensor is made for a signal that is beyond its range most of the time: gravity alone is, in m/s^2 as g."""
    frames = int(np.count_nonzero(beyond.any(axis=1)))
    if 2 * frames <= len(beyond):
        return
    said = sorted({unit for unit in track.units if unit})
    unit = f"is in {', '.join(map(quoted, said))}" if said else "has no unit"
    wider = " If they are right, the sensor needs a larger range: [input] of workload.toml." if said else ""
    raise RecordingError(
        f"{named(path, track.key)} {unit}, and {frames:,} of {_frames(len(beyond))} are beyond "
        f"±{played.range:g} {played.unit}.",
        remedy=f"Say what they are in {dataset.FILE} beside it: "
        f"unit = one of {', '.join(units.names_like(played.unit))}.{wider}",
        code="recording-unit",
    )


def _frames(count: int) -> str:
    return f"{count:,} frame{'s' * (count != 1)}"


def _at_rate(
    track: Track, values: NDArray[np.float64], rate_hz: float, wanted: int
) -> tuple[NDArray[np.float64], list[str]]:
    if rate_hz == wanted:
        return values, []
    if abs(rate_hz / wanted - 1) < _SAME_RATE and track.times_s is not None:
        return values, [f"its rate, within 1 % of {wanted} Hz, taken for that"]
    margin_s = resampling.margin_s(rate_hz)
    held = np.pad(values, ((round(margin_s * rate_hz),) * 2, (0, 0)), mode="edge")
    resampled = soxr.resample(held, rate_hz, wanted, quality="VHQ")
    frames = max(1, round(len(values) * wanted / rate_hz))
    first = margin_s * wanted
    return resampled[first : first + frames], [f"resampled {rate_hz:.4g}->{wanted} Hz"]


def _in_steps(values: NDArray[np.float64], played: Input) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """Whole steps, and which of them lay beyond the range."""
    steps = np.rint(values * played.steps_per_unit)
    end = 2 ** (played.bits - 1)
    beyond = (steps < -end) | (steps > end - 1)
    samples = np.clip(steps, -end, end - 1).astype(np.int16)
    samples.setflags(write=False)
    return samples, beyond
