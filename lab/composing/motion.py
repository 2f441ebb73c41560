"""Composing a stream of motion: recordings at drawn times, one after the other, with the truth beside it.

A body moves in one way at a time, so nothing is mixed. Between two recordings it rests: the last frame is held, passes
in a moment to the first one of what follows, and that is held too, so that the passing belongs to neither of them. No
noise is added, which no recording would tell.

A seed gives the same samples on every machine, in whole numbers throughout. A longer stream of the same seed begins
with the shorter one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lab.composing.choosing import Drawn, Recordings, Samples
from lab.composing.draws import Draws
from lab.composing.settings import LEAD_S, PART_S, Settings
from lab.composing.stream import Event, Part, Stream
from lab.recordings import reading
from lab.recordings.collection import Collection

JOINT_S = 0.2
"""In which one frame passes to another."""

_WINDOWS = 3
"""Of a recording that is cut into windows so much is played at once, so that some windows are of it alone."""


def compose(collected: Collection, settings: Settings) -> Stream:
    """A stream in parts of at most PART_S seconds. Raises RecordingError if no recording of an event can be read."""
    return _Composer(collected, settings).stream()


class _Composer:
    def __init__(self, collected: Collection, settings: Settings) -> None:
        self._settings = settings
        self._played = settings.played
        self._draws = Draws(settings.evaluation.seed)
        self._joint = max(1, settings.frames(JOINT_S))
        most = min(self._most_frames(), self._room(settings.frames(PART_S)))
        self._recordings = Recordings(
            collected, self._draws, lambda entry: reading.stretch(entry, settings.played, most)
        )
        self._background = self._recordings.taken(settings.background)
        self._events = self._recordings.events()
        self._waiting: Drawn | None = None

    def stream(self) -> Stream:
        parts = [self._part(number, first, size) for number, first, size in self._settings.parts()]
        return self._recordings.stream(self._settings, parts)

    def _part(self, number: int, first: int, size: int) -> Part:
        samples = np.zeros((size, self._played.channels), np.int16)
        rate = self._played.rate_hz
        events = [
            Event(label, name, (first + begin) / rate, (first + end) / rate)
            for label, name, begin, end in self._filled(samples)
        ]
        samples.setflags(write=False)
        return Part(number, first / rate, samples, tuple(events))

    def _filled(self, samples: Samples) -> Iterator[tuple[str, str, int, int]]:
        """Fill a part, and give label, name, first frame and end of each recording in it.

        What does not fit waits for the next part: else long ones would come less often.
        """
        at = 0
        latest = self._latest(len(samples))
        begin = self._settings.frames(LEAD_S)
        while True:
            entry, drawn = self._waiting or self._next()
            self._waiting = (entry, drawn) if begin + len(drawn) > latest else None
            if self._waiting:
                break
            self._rest(samples, at, begin, drawn[0])
            at = begin + len(drawn)
            samples[begin:at] = drawn
            yield entry.label, entry.name, begin, at
            rest = max(self._joint, self._settings.frames(self._draws.between(self._settings.evaluation.gap_s)))
            begin = at + rest
        samples[at:] = samples[at - 1] if at else drawn[0]

    def _rest(self, samples: Samples, at: int, until: int, following: Samples) -> None:
        """Hold what was last for half of the time, pass to what follows, and hold that; at the beginning, hold that."""
        if not at:
            samples[:until] = following
            return
        begin = (at + until - self._joint) // 2
        end = begin + self._joint
        samples[at:begin], samples[end:until] = samples[at - 1], following
        held, wanted = samples[at - 1].astype(np.int64), following.astype(np.int64)
        passed = np.arange(1, self._joint + 1, dtype=np.int64)[:, None]
        samples[begin:end] = held + (wanted - held) * passed // (self._joint + 1)

    def _next(self) -> Drawn:
        settings = self._settings
        return self._events.next(self._background, settings.evaluation.unknown_share, settings.event)

    def _most_frames(self) -> int:
        """What is played of a recording at once, at most."""
        played = self._played
        return played.content if played.hop_s is None else _WINDOWS * played.frames

    def _latest(self, size: int) -> int:
        """Where the last recording of a part has to have ended, so that it can still be detected in it."""
        return size - self._settings.frames(self._settings.evaluation.late_ms / 1000)

    def _room(self, size: int) -> int:
        return max(1, self._latest(size) - self._settings.frames(LEAD_S))
