"""A stream as a timeline: a row for each part, with what was said and what was detected."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab.reporting import wording
from lab.reporting.stream_files import SOUND
from lab.verdict.result import StreamDetection, StreamHeard, StreamPart, StreamWord


@dataclass(frozen=True)
class Mark:
    """Something on the timeline: from `left`, `width` wide, both in percent of the row; `kind` is its class."""

    left: float
    width: float
    kind: str
    label: str
    title: str


@dataclass(frozen=True)
class TimelineRow:
    """One part. `at` is when it begins."""

    at: str
    words: list[Mark]
    detections: list[Mark]


@dataclass(frozen=True)
class StreamView:
    """The timeline and, if the folder has it, where the sound is."""

    sound: str | None
    rows: list[TimelineRow]

    @classmethod
    def of(cls, stream: StreamHeard, folder: Path, below: str) -> StreamView:
        """The view of a stream whose sound is in `folder`, which is `below` that of the page."""
        sound = f"{below}{SOUND}" if (folder / SOUND).is_file() else None
        return cls(sound, [_row(part, stream) for part in stream.parts])


def _row(part: StreamPart, stream: StreamHeard) -> TimelineRow:
    end = part.start_s + part.seconds
    return TimelineRow(
        at=wording.at(part.start_s),
        words=[_word(word, part) for word in stream.words if part.start_s <= word.start_s < end],
        detections=[_detection(one, part) for one in stream.detections if part.start_s <= one.time_s < end],
    )


def _word(word: StreamWord, part: StreamPart) -> Mark:
    title = f"{wording.at(word.start_s)} {word.label}: {word.fate}, {word.clip}"
    return Mark(*_place(word.start_s, word.end_s, part), word.fate, word.label, title)


def _detection(one: StreamDetection, part: StreamPart) -> Mark:
    delay = "" if one.delay_ms is None else f", {one.delay_ms:.0f} ms after the word"
    title = f"{wording.at(one.time_s)} detected {one.label}: {one.standing}{delay}, score {one.score}"
    return Mark(*_place(one.time_s, one.time_s, part), one.standing, one.label, title)


def _place(start_s: float, end_s: float, part: StreamPart) -> tuple[float, float]:
    return (start_s - part.start_s) / part.seconds * 100, (end_s - start_s) / part.seconds * 100
