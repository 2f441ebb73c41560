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
from lab.composing.event import Event
from lab.composing.settings import LEAD_S, PART_S, Settings
from lab.composing.stream import Part, Stream
from lab.recordings import reading
from lab.recordings.collection import Collection

JOINT_S = 0.2
"""In which one frame passes to another."""

_WINDOWS = 3
"""Of a recording that is cut into windows so much is played at once, so that some windows are of it alone."""


def compose(collected: Collection, settings: Settings) -> Stream:
    """A stream, whose parts raise RecordingError if no recording of an event can be read."""
    return Stream(settings, PART_S, lambda: _Composer(collected, settings))


class _Composer:
    def __init__(self, collected: Collection, settings: Settings) -> None:
        self._settings = settings
        self._played = settings.played
        self._draws = Draws(settings.evaluation.seed)
        self._joint = max(1, settings.frames(JOINT_S))
        most = min(self._most_frames(), self._room(settings.frames(PART_S)))
        self.recordings = Recordings(
            collected, self._draws, lambda entry: reading.stretch(entry, settings.played, most)
        )
        self._background = self.recordings.taken(settings.background)
        self._events = self.recordings.events()
        self._waiting: Drawn | None = None
        self._last: Samples | None = None  # frame of the part before

    def part(self, number: int, first: int, size: int) -> Part:
        """As `Composer` has it."""
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
            self._rest(samples[at:begin], samples[at - 1] if at else self._last, drawn[0])
            at = begin + len(drawn)
            samples[begin:at] = drawn
            yield entry.label, entry.name, begin, at
            rest = max(self._joint, self._settings.frames(self._draws.between(self._settings.evaluation.gap_s)))
            begin = at + rest
        if at:
            samples[at:] = samples[at - 1]
        else:
            self._rest(samples, self._last, drawn[0])
        self._last = samples[-1]

    def _rest(self, samples: Samples, last: Samples | None, following: Samples) -> None:
        """Hold what was last for half of the time, pass to what follows, and hold that; at the beginning, hold that."""
        samples[:] = following
        if last is None:
            return
        joint = min(self._joint, len(samples))
        begin = (len(samples) - joint) // 2
        samples[:begin] = last
        held, wanted = last.astype(np.int64), following.astype(np.int64)
        passed = np.arange(1, joint + 1, dtype=np.int64)[:, None]
        samples[begin : begin + joint] = held + (wanted - held) * passed // (joint + 1)

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
