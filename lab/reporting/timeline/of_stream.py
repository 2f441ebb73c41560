"""The timeline of a stream: what was played, and what the device made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from lab import traces
from lab.errors import RecordingError
from lab.outcomes.inferences import Inferences, Scoring
from lab.reporting import inferences_file, stream_files, tables, wording
from lab.reporting.html.stream_view import standing_of_window, told_of_event, told_of_window
from lab.reporting.timeline import curves
from lab.reporting.timeline.lanes import Curves, Item, Lane, Load, Timeline, Waves, items
from lab.reporting.timeline.signal_over_time import SignalOverTime
from lab.signals.signal import SOUND
from lab.verdict.result import Run, StreamHeard, StreamPart, StreamWord

_OF_EVENTS: Mapping[str, str] = {"heard": "good", "ignored": "soft"}
_OF_WINDOWS: Mapping[str, str] = {"right": "good", "wrong": "bad", "between": "soft"}
_BLOCK = 2**20
_MOST_BYTES = 2**25
"""Of a table that is read."""


def timeline(run: Run, stream: StreamHeard, folder: Path) -> Timeline:
    """Of a run with a stream, whose sound or signal is in the folder, unless it is gone or was spoiled."""
    parts, told = stream.parts, _told(folder)
    lanes: tuple[Lane | None, ...] = (
        items("parts", (_part(one) for one in parts)) if len(parts) > 1 else None,
        items(wording.several(run.event), (_event(one, run) for one in stream.words), "events"),
        _waves(run, folder),
        _scores(run, stream) or _curves(told),
        items("windows", _windows(stream), "steps"),
        items("alarms" if wording.has_alarms(run) else "detections", _detections(run, stream), "events"),
        (Load.since_the_last(told[0], 0.0) if told else None) or _load(stream),
    )
    end_s = max((part.start_s + part.seconds for part in parts), default=0.0)
    return Timeline(0.0, end_s, [lane for lane in lanes if lane is not None])


def _waves(run: Run, folder: Path) -> Waves | None:
    try:
        return _of_sound(folder / stream_files.WAV) if run.is_sound else _of_table(run, folder / stream_files.CSV)
    except (OSError, ValueError, RecordingError):
        return None


def _of_sound(file: Path) -> Waves | None:
    (signal,) = traces.read(file).signals
    kept = SignalOverTime(len(signal.frames), signal.rate_hz, SOUND, "")
    for block in signal.blocks(_BLOCK):
        kept.add(block)
    return kept.waves()


def _of_table(run: Run, file: Path) -> Waves | None:
    if run.sensor is None:
        return None
    values, rate_hz = tables.read(file, run.sensor.axes, run.sensor.unit, _MOST_BYTES)
    kept = SignalOverTime(len(values), rate_hz, run.sensor.axes, run.sensor.unit)
    kept.add(values)
    return kept.waves()


def _told(folder: Path) -> tuple[Inferences, Scoring] | None:
    """What every inference told, unless that is gone or was spoiled."""
    try:
        return inferences_file.read(folder / stream_files.INFERENCES)
    except (OSError, ValueError):
        return None


def _part(one: StreamPart) -> Item:
    trouble = f", {wording.plural(one.lost_samples, 'sample')} lost" if one.lost_samples else ""
    trouble += f", {wording.plural(one.late_inferences, 'missed deadline')}" if one.late_inferences else ""
    told = f"part {one.number}: {wording.plural(one.inferences, 'inference')}, load {100 * one.cpu_load:.0f} %{trouble}"
    return Item(one.start_s, one.start_s + one.seconds, str(one.number), told, "bad" if trouble else "soft")


def _event(one: StreamWord, run: Run) -> Item:
    return Item(one.start_s, one.end_s, one.label, told_of_event(one, run), _OF_EVENTS.get(one.fate, "bad"))


def _detections(run: Run, stream: StreamHeard) -> Iterator[Item]:
    for one in stream.detections:
        label = "alarm" if wording.has_alarms(run) else one.label
        tone = "good" if one.standing == "right" else "bad"
        yield Item(one.time_s, one.time_s, label, wording.detected(one, run), tone)


def _windows(stream: StreamHeard) -> Iterator[Item]:
    """The last stride of each."""
    begins = stream_files.strides([one.time_s for one in stream.windows])
    for one, begin_s in zip(stream.windows, begins, strict=True):
        yield Item(begin_s, one.time_s, one.decided, told_of_window(one), _OF_WINDOWS[standing_of_window(one)])


def _scores(run: Run, stream: StreamHeard) -> Curves | None:
    """Where there is one, of which the run has a threshold."""
    scored = [(one.time_s, float(one.scores[0])) for one in stream.windows if len(one.scores) == 1]
    if not scored or run.threshold is None:
        return None
    return curves.of_one(run.scores[0] if run.scores else "score", scored, threshold=run.threshold)


def _curves(told: tuple[Inferences, Scoring] | None) -> Curves | None:
    """Of what every inference told, which says the label of its highest score."""
    if told is None:
        return None
    inferences, scoring = told
    labels = [scoring.names[place] for place in inferences.scores.argmax(axis=1)]
    tones = curves.tones(name for name in scoring.names if name not in scoring.background)
    return curves.of_scores(inferences, scoring, labels, tones)


def _load(stream: StreamHeard) -> Load | None:
    """Of each part."""
    parts = stream.parts
    if not parts:
        return None
    begins = np.array([one.start_s for one in parts])
    return Load("load", begins, begins + [one.seconds for one in parts], np.array([one.cpu_load for one in parts]))
