"""Composing a stream: words of the recordings at drawn times, over noise and quiet, with the truth beside it.

A seed gives the same samples on every machine: sound is mixed in whole numbers, with gains in steps of 2^-16.
A longer stream of the same seed begins with the shorter one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from lab.composing import endpoints
from lab.composing.choosing import Recordings, Samples
from lab.composing.draws import Draws
from lab.composing.event import Event
from lab.composing.settings import LEAD_S, PART_S, Settings
from lab.composing.stream import Part, Stream
from lab.recordings import reading
from lab.recordings.collection import Collection
from lab.signals.sound import FULL_SCALE

_MARGIN_S = 0.1
_JOINT_S = 0.05
_LEAST_FADE_S = 0.005
_SCENE_S = (6.0, 12.0)
_GAIN_BITS = 16
_LOUDEST = 0.95

Sum = NDArray[np.int64]


def compose(collected: Collection, settings: Settings) -> Stream:
    """A stream, whose parts raise RecordingError if no recording of a word can be read."""
    return Stream(settings, PART_S, lambda: _Composer(collected, settings))


@dataclass(frozen=True)
class _Scene:
    """Until sample `end`: the words' level in dB of full scale, and how far below it the noise is, None without any."""

    end: int
    level_db: float
    snr_db: float | None


class _Composer:
    def __init__(self, collected: Collection, settings: Settings) -> None:
        self._settings = settings
        self._rate_hz = settings.played.rate_hz
        self._evaluation = settings.evaluation
        self._draws = Draws(settings.evaluation.seed)
        self.recordings = Recordings(collected, self._draws, lambda entry: reading.load(entry, settings.played))
        noise = settings.evaluation.noise
        self._noises = self.recordings.taken(noise)
        self._unknown = self.recordings.taken([label for label in settings.background if label not in noise])
        self._spoken = self.recordings.events()

    def part(self, number: int, begin: int, length: int) -> Part:
        """As `Composer` has it."""
        sound = np.zeros(length, np.int64)
        scenes = list(self._scenes(sound))
        words = list(self._words(sound, scenes, begin))
        limited = np.clip(sound, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
        limited.setflags(write=False)
        return Part(number, begin / self._rate_hz, limited, tuple(words))

    def _scenes(self, sound: Sum) -> Iterator[_Scene]:
        """The background: one kind of noise after the other, each faded into the next, or none."""
        begin = 0
        while begin < sound.size:
            end = min(sound.size, begin + self._settings.frames(self._draws.between(_SCENE_S)))
            level = self._draws.between(self._evaluation.level_db)
            snr = self._draws.between(self._evaluation.snr_db)
            quiet = self._draws.happens(self._evaluation.quiet_share)
            noise = None if quiet else self._noise(end - begin)
            if noise is not None:
                faded = _faded(_scaled(noise, slice(None), level - snr), self._settings.frames(_JOINT_S))
                sound[begin:end] += faded
            yield _Scene(end, level, None if noise is None else snr)
            begin = end

    def _noise(self, length: int) -> Samples | None:
        """A recording without a word, over and over, faded from one time into the next; None without any sound."""
        found = self.recordings.next(self._noises)
        if found is None or not found[1].any():
            return None
        joint = self._settings.frames(_JOINT_S)
        piece = _faded(found[1].astype(np.int64), joint)
        step = piece.size - joint
        joined = np.zeros((length // step + 2) * step + joint, np.int64)
        for begin in range(0, joined.size - piece.size + 1, step):
            joined[begin : begin + piece.size] += piece
        first = joint + self._draws.below(step)
        return joined[first : first + length].astype(np.int16)

    def _words(self, sound: Sum, scenes: list[_Scene], begin: int) -> Iterator[Event]:
        rate, evaluation = self._rate_hz, self._evaluation
        latest = sound.size - self._settings.frames(evaluation.late_ms / 1000 + _JOINT_S)
        at = self._settings.frames(LEAD_S)
        while True:
            entry, samples = self._spoken.next(self._unknown, evaluation.unknown_share, self._settings.event)
            place = endpoints.of_word(samples, rate)
            if at + place.stop - place.start > latest:
                return
            scene = next(scene for scene in scenes if at < scene.end)
            self._say(sound, at, samples, place, scene.level_db)
            end = at + place.stop - place.start
            yield Event(entry.label, entry.name, (begin + at) / rate, (begin + end) / rate, scene.snr_db)
            at = end + self._settings.frames(self._draws.between(evaluation.gap_s))

    def _say(self, sound: Sum, at: int, samples: Samples, place: slice, level_db: float) -> None:
        """Add a word so that it begins at a sample, with a little of what is around it, faded in and out."""
        margin = min(self._settings.frames(_MARGIN_S), at)
        before, after = min(margin, place.start), min(margin, samples.size - place.stop)
        cut = samples[place.start - before : place.stop + after]
        loud = slice(before, before + place.stop - place.start)
        said = _faded(_scaled(cut, loud, level_db), max(min(before, after), self._settings.frames(_LEAST_FADE_S)))
        sound[at - before : at - before + said.size] += said


def _scaled(samples: Samples, loud: slice, level_db: float) -> Sum:
    """So that the part that counts has a root mean square of so many dB of full scale, and no peak is cut off."""
    whole = samples.astype(np.int64)
    counted = whole[loud]
    power = int(np.square(counted).sum()) / max(1, counted.size)
    peak = int(np.abs(whole).max(initial=1))
    gain = FULL_SCALE * min(float(10 ** (level_db / 20)) / sqrt(power or 1), _LOUDEST / peak)
    steps = round(gain * (1 << _GAIN_BITS))
    return np.right_shift(whole * steps, _GAIN_BITS)


def _faded(samples: Sum, length: int) -> Sum:
    """In and out, each over that many samples at most."""
    length = min(length, samples.size // 2)
    if not length:
        return samples
    ramp = np.arange(length, dtype=np.int64)
    faded: Sum = samples.copy()
    faded[:length] = samples[:length] * ramp // length
    faded[-length:] = samples[-length:] * ramp[::-1] // length
    return faded
