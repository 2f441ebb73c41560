"""The recordings that failed or differ, each with what can be heard and seen of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.features import Layout, Scale
from lab.outcomes.recording import Difference
from lab.reporting import evidence, wording
from lab.reporting.evidence import Evidence
from lab.reporting.html import pictures, signal_plot
from lab.reporting.html.signal_plot import Plot
from lab.signals.signal import PICTURE, SOUND
from lab.verdict.result import Clip, Run

_AS_BEFORE = Layout(Scale("time", 0, 1, ""), up=Scale("frequency", 0, 1, ""))
"""Of a result that does not say it: time to the right, low channels at the bottom."""


@dataclass(frozen=True)
class Mark:
    """Where device and host part, in shares of a picture's width and height, from its lower left."""

    across: float
    up: float


@dataclass(frozen=True)
class Sound:
    """A recording to be heard, and its envelope."""

    source: str
    waveform: str
    peak: str


@dataclass(frozen=True)
class Features:
    """A picture of `columns` x `lines` values, with a mark where they differ."""

    picture: str
    columns: int
    lines: int
    layout: Layout
    mark: Mark | None


@dataclass(frozen=True)
class Seen:
    """What was played, as a sound, a data URI of a photo, or a plot of its axes, and the features of it.

    There are none where none were kept.
    """

    seconds: float
    rate_hz: float
    sound: Sound | None
    plot: Plot | None
    photo: str | None
    mark: Mark | None
    features: Features | None


@dataclass(frozen=True)
class ScoreRow:
    """A label's scores; `device_share` and `host_share` are 0 for -128 and 1 for 127."""

    label: str
    device: int
    host: int | None
    device_share: float
    host_share: float


@dataclass(frozen=True)
class AnomalyScore:
    """A score against the threshold: shares of a bar, and how many times the threshold the device's score is."""

    device: int
    host: int | None
    threshold: int
    device_share: float
    host_share: float
    threshold_share: float
    times: float | None


@dataclass(frozen=True)
class Card:
    """A recording that failed or differs; `index` is its place in the run's clips.

    `command` plays it again, `bundle` packs it for somebody else, "" of a picture, which is a file anyway.
    """

    index: int
    clip: Clip
    seen: Seen | None
    scores: tuple[ScoreRow, ...]
    anomaly: AnomalyScore | None
    command: str
    bundle: str


def cards(run: Run, folder: Path) -> list[Card]:
    """Those that differ from the host first, as they tell more; then those that were taken for another label."""
    speaking = [(index, clip) for index, clip in enumerate(run.clips) if clip.difference or not clip.correct]
    return [_card(index, run, folder) for index, _ in sorted(speaking, key=lambda one: one[1].difference is None)]


def _card(index: int, run: Run, folder: Path) -> Card:
    clip = run.clips[index]
    sensor = run.sensor
    kept = evidence.read(folder, index, clip.label, *((sensor.axes, sensor.unit) if sensor else ()))
    labels = run.confusion.labels if run.confusion else ()
    return Card(
        index=index,
        clip=clip,
        seen=_seen(kept, run, clip.difference) if kept else None,
        scores=() if run.threshold is not None else tuple(_scores(run.scores or labels, clip)),
        anomaly=_anomaly(clip, run.threshold) if run.threshold is not None and clip.scores else None,
        command=wording.command(run, clip.clip),
        bundle="" if sensor and sensor.axes == PICTURE else wording.bundle(clip.clip),
    )


def _scores(labels: tuple[str, ...], clip: Clip) -> Iterator[ScoreRow]:
    host = dict(enumerate(clip.host_scores))
    for index, (label, score) in enumerate(zip(labels, clip.scores, strict=False)):
        yield ScoreRow(label, score, host.get(index), _share(score), _share(host.get(index, -128)))


def _share(score: int) -> float:
    return round((score + 128) / 255, 3)


def _anomaly(clip: Clip, threshold: int) -> AnomalyScore:
    device, host = clip.scores[0], next(iter(clip.host_scores), None)
    longest = max(device, host or 0, threshold, 1) * 1.05
    return AnomalyScore(
        device=device,
        host=host,
        threshold=threshold,
        device_share=max(device, 0) / longest,
        host_share=max(host or 0, 0) / longest,
        threshold_share=threshold / longest,
        times=device / threshold if threshold else None,
    )


def _seen(kept: Evidence, run: Run, difference: Difference | None) -> Seen:
    sound = plot = photo = None
    if kept.sound is not None:
        samples = kept.values[:, 0]
        sound = Sound(pictures.sound(kept.sound), pictures.waveform(samples), pictures.peak(samples))
    elif kept.picture is not None:
        photo = pictures.photo(kept.picture)
    else:
        plot = signal_plot.plot(kept.values, kept.axes, kept.unit)
    return Seen(
        seconds=len(kept.values) / kept.rate_hz,
        rate_hz=kept.rate_hz,
        sound=sound,
        plot=plot,
        photo=photo,
        mark=_sample_mark(difference, run, len(kept.values)),
        features=None if kept.features is None else _features(kept.features, run.features or _AS_BEFORE, difference),
    )


def _sample_mark(difference: Difference | None, run: Run, frames: int) -> Mark | None:
    if difference is None or difference.stage != "samples" or difference.index is None:
        return None
    axes, lead = (run.sensor.axes, run.sensor.lead) if run.sensor else (SOUND, 0)
    frame = max(0, difference.index // len(axes) - lead)
    return Mark((frame + 0.5) / frames, 0.5) if frame < frames else None


def _features(values: NDArray[np.generic], layout: Layout, difference: Difference | None) -> Features:
    rows, of_a_row = values.shape
    columns, lines = (rows, of_a_row) if layout.rows_across else (of_a_row, rows)
    mark = None
    index = difference.index if difference is not None and difference.stage == "features" else None
    if index is not None and index < values.size:
        column, line = layout.place(index, (rows, of_a_row))
        mark = Mark((column + 0.5) / columns, 1 - (line + 0.5) / lines)
    return Features(pictures.features(values, layout), columns, lines, layout, mark)
