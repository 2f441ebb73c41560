"""A stream as a timeline: a row for each part, with what was said and what was detected."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from lab.reporting import wording
from lab.reporting.stream_files import WAV
from lab.verdict.result import StreamDetection, StreamHeard, StreamPart, StreamWord

_TICK_S = 5
_LEAD_S, _BACK_S = 0.2, 1.5
"""How long before a word, and before a detection, its sound begins."""


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
class TimelineRow:
    """One part. `at` is when it begins, `width` percent of the longest part is how long it is."""

    at: str
    start_s: float
    seconds: float
    width: float
    words: list[Mark]
    detections: list[Mark]


@dataclass(frozen=True)
class StreamView:
    """The timeline and, if the folder has it, where the sound is. `ticks` are seconds and percent of the axis."""

    sound: str | None
    ticks: list[tuple[int, float]]
    rows: list[TimelineRow]

    @classmethod
    def of(cls, stream: StreamHeard, folder: Path, below: str) -> StreamView:
        """The view of a stream whose sound is in `folder`, which is `below` that of the page."""
        sound = f"{below}{WAV}" if (folder / WAV).is_file() else None
        longest = max((part.seconds for part in stream.parts), default=0.0)
        ticks = [(second, second / longest * 100) for second in range(0, math.ceil(longest), _TICK_S)]
        return cls(sound, ticks, [_row(part, longest, stream) for part in stream.parts])


def _row(part: StreamPart, longest: float, stream: StreamHeard) -> TimelineRow:
    end = part.start_s + part.seconds
    words = [word for word in stream.words if part.start_s <= word.start_s < end]
    detections = [one for one in stream.detections if part.start_s <= one.time_s < end]
    until = [[*(word.start_s for word in words[1:]), end], [*(one.time_s for one in detections[1:]), end]]
    return TimelineRow(
        at=wording.at(part.start_s),
        start_s=part.start_s,
        seconds=part.seconds,
        width=part.seconds / longest * 100,
        words=[_word(word, following, part) for word, following in zip(words, until[0], strict=True)],
        detections=[_detection(one, following, part) for one, following in zip(detections, until[1], strict=True)],
    )


def _word(word: StreamWord, following_s: float, part: StreamPart) -> Mark:
    return Mark(
        from_s=max(word.start_s - _LEAD_S, part.start_s),
        left=_share(word.start_s - part.start_s, part.seconds),
        room=_share(following_s - word.start_s, part.seconds),
        length=_share(word.end_s - word.start_s, following_s - word.start_s),
        kind=word.fate,
        label=word.label,
        title=f"{wording.at(word.start_s)} {word.label}: {word.fate}, {word.clip}",
    )


def _detection(one: StreamDetection, following_s: float, part: StreamPart) -> Mark:
    delay = "" if one.delay_ms is None else f", {one.delay_ms:.0f} ms after its end"
    return Mark(
        from_s=max(one.time_s - _BACK_S, part.start_s),
        left=_share(one.time_s - part.start_s, part.seconds),
        room=_share(following_s - one.time_s, part.seconds),
        length=100,
        kind=one.standing,
        label=one.label,
        title=f"{wording.at(one.time_s)} detected {one.label}: {one.standing}{delay}, score {one.score}",
    )


def _share(seconds: float, of_s: float) -> float:
    return min(seconds / of_s, 1.0) * 100 if of_s > 0 else 100.0
