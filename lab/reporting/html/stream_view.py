"""A stream as a timeline: a row for each part, with what happened in it and what the device made of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from lab.errors import RecordingError
from lab.reporting import tables, wording
from lab.reporting.html import signal_plot
from lab.reporting.html.signal_plot import Plot
from lab.reporting.run_folder import TIMELINE
from lab.reporting.stream_files import CSV, WAV, strides
from lab.verdict.result import Run, StreamDetection, StreamHeard, StreamPart, StreamWindow, StreamWord

_TICKS_S, _MOST_TICKS = (5, 10, 30, 60, 120, 300), 13
_NARROWEST = 4.0
"""Percent of a row in which a label can be read."""
_LEAD_S, _BACK_S = 0.2, 1.5
"""How long before an event, and before a detection, its sound begins."""
_MOST_BYTES = 2**25
_MOST_COLUMNS = 600
_COLUMNS_OF_ALL = 12_000
"""Of a signal so many columns are drawn in a row at most, and in all rows, so that hours leave a page that loads."""


@dataclass(frozen=True)
class Mark:
    """Something on the timeline: at `left` percent of the row, with `room` percent to the next; `kind` is its class.

    `length` is how much of that room it takes, in percent; `from_s` is where the sound is played from for it.
    """

    from_s: float
    left: float
    room: float
    length: float
    kind: str
    label: str
    title: str


@dataclass(frozen=True)
class Span:
    """A label below some windows: from `left`, in percent of the row, for `width`."""

    left: float
    width: float
    label: str


@dataclass(frozen=True)
class TimelineRow:
    """One part. `at` is when it begins, `width` percent of the longest part is how long it is.

    `windows` are there where every inference counts, and `decided` is what was decided of those that follow each other.
    `signal` has a path for each axis in a box of 1000 x 100, and nothing for sound.
    """

    at: str
    start_s: float
    seconds: float
    width: float
    words: list[Mark]
    detections: list[Mark]
    windows: list[Mark]
    decided: list[Span]
    signal: list[str]


@dataclass(frozen=True)
class StreamView:
    """The timeline and, if the folder has it, where the sound is, or the signal's axes.

    `timeline` is where there is one to zoom into.
    Of a `windowed` one every inference is shown, with `alarms` what the device reported of them besides. `ticks` are
    seconds and percent of the axis.
    """

    timeline: str
    sound: str | None
    plot: Plot | None
    windowed: bool
    alarms: bool
    ticks: list[tuple[int, float]]
    rows: list[TimelineRow]

    @classmethod
    def of(cls, run: Run, folder: Path, below: str) -> StreamView | None:
        """The view of a run's stream, whose sound or signal is in `folder`, which is `below` that of the page."""
        stream = run.stream
        if stream is None:
            return None
        sound = f"{below}{WAV}" if (folder / WAV).is_file() else None
        longest = max((part.seconds for part in stream.parts), default=0.0)
        tick_s = next((tick_s for tick_s in _TICKS_S if longest <= tick_s * _MOST_TICKS), _TICKS_S[-1])
        ticks = [(second, second / longest * 100) for second in range(0, math.ceil(longest), tick_s)]
        plot, signals = _signals(run, stream, folder)
        rows = [_row(part, longest, run, stream, signal) for part, signal in zip(stream.parts, signals, strict=True)]
        return cls(f"{below}{TIMELINE}", sound, plot, bool(stream.windows), wording.has_alarms(run), ticks, rows)


def _signals(run: Run, stream: StreamHeard, folder: Path) -> tuple[Plot | None, list[list[str]]]:
    """All of the signal as one plot, for its legend, and the paths of each part; nothing of sound."""
    nothing: list[list[str]] = [[] for _ in stream.parts]
    if run.sensor is None or run.is_sound or not (folder / CSV).is_file():
        return None, nothing
    try:
        values, rate_hz = tables.read(folder / CSV, run.sensor.axes, run.sensor.unit, _MOST_BYTES)
    except (OSError, ValueError, RecordingError):  # spoiled since, or of many hours
        return None, nothing
    plot, shown = signal_plot.plotted(values, run.sensor.axes, run.sensor.unit)
    columns = max(1, min(_MOST_COLUMNS, _COLUMNS_OF_ALL // len(stream.parts)))
    found = []
    for part in stream.parts:
        first, last = (round(second * rate_hz) for second in (part.start_s, part.start_s + part.seconds))
        of_part = shown.values[first:last]
        found.append(signal_plot.paths(of_part, shown.low, shown.high, columns, width=1000) if len(of_part) else [])
    return plot, found


def _row(part: StreamPart, longest: float, run: Run, stream: StreamHeard, signal: list[str]) -> TimelineRow:
    end = part.start_s + part.seconds
    windows = list(_windows([one for one in stream.windows if part.start_s < one.time_s <= end], part))
    words = [word for word in stream.words if part.start_s <= word.start_s < end]
    detections = [one for one in stream.detections if part.start_s <= one.time_s < end]
    return TimelineRow(
        at=wording.at(part.start_s),
        start_s=part.start_s,
        seconds=part.seconds,
        width=part.seconds / longest * 100,
        words=[
            _word(word, following, part, run)
            for word, following in zip(words, [*(word.start_s for word in words[1:]), end], strict=False)
        ],
        detections=[
            _detection(one, following, part, run)
            for one, following in zip(detections, [*(one.time_s for one in detections[1:]), end], strict=False)
        ],
        windows=windows,
        decided=list(_decided(windows)),
        signal=signal,
    )


def _word(word: StreamWord, following_s: float, part: StreamPart, run: Run) -> Mark:
    return Mark(
        from_s=max(word.start_s - _LEAD_S, part.start_s),
        left=_share(word.start_s - part.start_s, part.seconds),
        room=_share(following_s - word.start_s, part.seconds),
        length=_share(word.end_s - word.start_s, following_s - word.start_s),
        kind=word.fate,
        label=word.label,
        title=f"{wording.at(word.start_s)} {told_of_event(word, run)}",
    )


def _detection(one: StreamDetection, following_s: float, part: StreamPart, run: Run) -> Mark:
    return Mark(
        from_s=max(one.time_s - _BACK_S, part.start_s),
        left=_share(one.time_s - part.start_s, part.seconds),
        room=_share(following_s - one.time_s, part.seconds),
        length=100,
        kind=one.standing,
        label="alarm" if wording.has_alarms(run) else one.label,
        title=f"{wording.at(one.time_s)} {wording.detected(one, run)}",
    )


def _windows(windows: Sequence[StreamWindow], part: StreamPart) -> Iterator[Mark]:
    """The last stride of each."""
    for one, stride_s in zip(windows, strides([one.time_s for one in windows]), strict=True):
        begin = max(part.start_s, stride_s)
        yield Mark(
            from_s=begin,
            left=_share(begin - part.start_s, part.seconds),
            room=_share(one.time_s - begin, part.seconds),
            length=100,
            kind=standing_of_window(one),
            label=one.decided,
            title=told_of_window(one),
        )


def told_of_event(word: StreamWord, run: Run) -> str:
    """What was played and what became of it."""
    return f"{word.label}: {wording.fate(word.fate, run)}, {word.clip}"


def standing_of_window(one: StreamWindow) -> Literal["right", "wrong", "between"]:
    """Whether what was decided is right; *between* for a window of more than one thing."""
    if one.label is None:
        return "between"
    return "right" if one.decided == one.label else "wrong"


def told_of_window(one: StreamWindow) -> str:
    """What a window was of, and what was decided."""
    score = f", score {one.scores[0]:,}" if len(one.scores) == 1 else ""
    of = "more than one thing" if one.label is None else one.label
    return f"window up to {wording.at(one.time_s)}, of {of}: decided {one.decided}{score}"


def _decided(windows: Sequence[Mark]) -> Iterator[Span]:
    """A label for those that follow each other, where there is room for it."""
    for label, group in groupby(windows, key=lambda mark: mark.label):
        alike = list(group)
        left = alike[0].left
        width = alike[-1].left + alike[-1].room - left
        if width >= _NARROWEST:
            yield Span(left, width, label)


def _share(seconds: float, of_s: float) -> float:
    return min(seconds / of_s, 1.0) * 100 if of_s > 0 else 100.0
