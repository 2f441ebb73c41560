"""The recordings that failed or differ, each with what can be heard and seen of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.outcomes.recording import Difference
from lab.reporting import evidence, wording
from lab.reporting.evidence import Evidence
from lab.reporting.html import pictures
from lab.verdict.result import Clip, Run


@dataclass(frozen=True)
class Mark:
    """Where device and host part, in shares of a picture's width and height, from its lower left."""

    across: float
    up: float


@dataclass(frozen=True)
class Heard:
    """Sound and features; a mark stands in the picture of the stage that differs."""

    sound: str
    waveform: str
    seconds: float
    peak: str
    features: str
    steps: int
    channels: int
    sample_mark: Mark | None
    feature_mark: Mark | None


@dataclass(frozen=True)
class ScoreRow:
    """A label's scores; `device_share` and `host_share` are 0 for -128 and 1 for 127."""

    label: str
    device: int
    host: int | None
    device_share: float
    host_share: float


@dataclass(frozen=True)
class Card:
    """A recording that failed or differs; `index` is its place in the run's clips."""

    index: int
    clip: Clip
    heard: Heard | None
    scores: tuple[ScoreRow, ...]
    command: str


def cards(run: Run, folder: Path) -> list[Card]:
    """Those that differ from the host first, as they tell more; then those that were taken for another label."""
    speaking = [(index, clip) for index, clip in enumerate(run.clips) if clip.difference or not clip.correct]
    return [_card(index, run, folder) for index, _ in sorted(speaking, key=lambda one: one[1].difference is None)]


def _card(index: int, run: Run, folder: Path) -> Card:
    clip = run.clips[index]
    kept = evidence.read(folder, index)
    labels = run.confusion.labels if run.confusion else ()
    return Card(
        index=index,
        clip=clip,
        heard=_heard(kept, clip.difference) if kept else None,
        scores=tuple(_scores(labels, clip)),
        command=wording.command(run, clip.clip),
    )


def _scores(labels: tuple[str, ...], clip: Clip) -> Iterator[ScoreRow]:
    host = dict(enumerate(clip.host_scores))
    for index, (label, score) in enumerate(zip(labels, clip.scores, strict=False)):
        yield ScoreRow(label, score, host.get(index), _share(score), _share(host.get(index, -128)))


def _share(score: int) -> float:
    return round((score + 128) / 255, 3)


def _heard(kept: Evidence, difference: Difference | None) -> Heard:
    steps, channels = kept.features.shape
    return Heard(
        sound=pictures.sound(kept.sound),
        waveform=pictures.waveform(kept.samples),
        seconds=len(kept.samples) / kept.rate_hz,
        peak=pictures.peak(kept.samples),
        features=pictures.features(kept.features),
        steps=steps,
        channels=channels,
        sample_mark=_sample_mark(difference, len(kept.samples)),
        feature_mark=_feature_mark(difference, steps, channels),
    )


def _sample_mark(difference: Difference | None, count: int) -> Mark | None:
    found = re.fullmatch(r"sample (\d+)", difference.where) if difference else None
    return Mark(int(found[1]) / count, 0.5) if found else None


def _feature_mark(difference: Difference | None, steps: int, channels: int) -> Mark | None:
    found = re.fullmatch(r"step (\d+), channel (\d+)", difference.where) if difference else None
    return Mark((int(found[1]) + 0.5) / steps, (int(found[2]) + 0.5) / channels) if found else None
