"""Composing a stream: words of the recordings at drawn times, over noise and quiet, with the truth beside it.

A seed gives the same samples on every machine: sound is mixed in whole numbers, with gains in steps of 2^-16.
A longer stream of the same seed begins with the shorter one.
"""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from lab.composing import endpoints
from lab.composing.draws import Deck, Draws
from lab.composing.stream import Event, Part, Stream
from lab.errors import RecordingError
from lab.recordings import reading
from lab.recordings.collection import Collection, Entry
from lab.signals.input import Input
from lab.signals.sound import FULL_SCALE
from lab.workload import Evaluation

PART_S = 30.0
"""A board hears so much in one go: as many pieces as keep the processes busy, and few starts."""

_LEAD_S = 2.0
_MARGIN_S = 0.1
_JOINT_S = 0.05
_LEAST_FADE_S = 0.005
_SCENE_S = (6.0, 12.0)
_GAIN_BITS = 16
_LOUDEST = 0.95

Samples = NDArray[np.int16]
Sum = NDArray[np.int64]


def compose(collected: Collection, heard: Input, background: Names[str], evaluation: Evaluation) -> Stream:
    """A stream as `evaluation` describes it, in parts of at most PART_S seconds; labels of `background` are no words.

    Raises RecordingError if no recording of a word can be read.
    """
    return _Composer(collected, heard, background, evaluation).stream()


@dataclass(frozen=True)
class _Scene:
    """Until sample `end`: the words' level in dB of full scale, and how far below it the noise is, None without any."""

    end: int
    level_db: float
    snr_db: float | None


class _Composer:
    def __init__(self, collected: Collection, heard: Input, background: Names[str], evaluation: Evaluation) -> None:
        self._heard = heard
        self._evaluation = evaluation
        self._draws = Draws(evaluation.seed)
        self._skipped: dict[str, str] = {}
        self._notes: dict[str, tuple[str, ...]] = {}
        by_label: dict[str, list[Entry]] = {}
        for entry in collected:
            by_label.setdefault(entry.label, []).append(entry)
        others = [label for label in background if label not in evaluation.noise]
        self._noises = Deck(self._draws, [entry for label in evaluation.noise for entry in by_label.pop(label, [])])
        self._unknown = Deck(self._draws, [entry for label in others for entry in by_label.pop(label, [])])
        self._of_label = {label: Deck(self._draws, entries) for label, entries in sorted(by_label.items())}
        self._labels = Deck(self._draws, list(self._of_label))

    def stream(self) -> Stream:
        total = round(self._evaluation.minutes * 60 * self._heard.rate_hz)
        size = self._samples_in(PART_S)
        parts = [self._part(begin // size, begin, min(size, total - begin)) for begin in range(0, total, size)]
        notes = [(name, note) for name, of_name in self._notes.items() for note in of_name]
        skipped = tuple(self._skipped.items())
        return Stream(self._heard.rate_hz, self._evaluation.seed, tuple(parts), skipped, tuple(notes))

    def _part(self, number: int, begin: int, length: int) -> Part:
        sound = np.zeros(length, np.int64)
        scenes = list(self._scenes(sound))
        words = list(self._words(sound, scenes, begin))
        limited = np.clip(sound, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
        limited.setflags(write=False)
        return Part(number + 1, begin / self._heard.rate_hz, limited, tuple(words))

    def _scenes(self, sound: Sum) -> Iterator[_Scene]:
        """The background: one kind of noise after the other, each faded into the next, or none."""
        begin = 0
        while begin < sound.size:
            end = min(sound.size, begin + self._samples_in(self._draws.between(_SCENE_S)))
            level = self._draws.between(self._evaluation.level_db)
            snr = self._draws.between(self._evaluation.snr_db)
            quiet = self._draws.happens(self._evaluation.quiet_share)
            noise = None if quiet else self._noise(end - begin)
            if noise is not None:
                faded = _faded(_scaled(noise, slice(None), level - snr), self._samples_in(_JOINT_S))
                sound[begin:end] += faded
            yield _Scene(end, level, None if noise is None else snr)
            begin = end

    def _noise(self, length: int) -> Samples | None:
        """A recording without a word, over and over, faded from one time into the next; None without any sound."""
        found = self._next(self._noises)
        if found is None or not found[1].any():
            return None
        joint = self._samples_in(_JOINT_S)
        piece = _faded(found[1].astype(np.int64), joint)
        step = piece.size - joint
        joined = np.zeros((length // step + 2) * step + joint, np.int64)
        for begin in range(0, joined.size - piece.size + 1, step):
            joined[begin : begin + piece.size] += piece
        first = joint + self._draws.below(step)
        return joined[first : first + length].astype(np.int16)

    def _words(self, sound: Sum, scenes: list[_Scene], begin: int) -> Iterator[Event]:
        rate, evaluation = self._heard.rate_hz, self._evaluation
        latest = sound.size - self._samples_in(evaluation.late_ms / 1000 + _JOINT_S)
        at = self._samples_in(_LEAD_S)
        while True:
            entry, samples = self._spoken()
            place = endpoints.of_word(samples, rate)
            if at + place.stop - place.start > latest:
                return
            scene = next(scene for scene in scenes if at < scene.end)
            self._say(sound, at, samples, place, scene.level_db)
            end = at + place.stop - place.start
            yield Event(entry.label, entry.name, (begin + at) / rate, (begin + end) / rate, scene.snr_db)
            at = end + self._samples_in(self._draws.between(evaluation.gap_s))

    def _say(self, sound: Sum, at: int, samples: Samples, place: slice, level_db: float) -> None:
        """Add a word so that it begins at a sample, with a little of what is around it, faded in and out."""
        margin = min(self._samples_in(_MARGIN_S), at)
        before, after = min(margin, place.start), min(margin, samples.size - place.stop)
        cut = samples[place.start - before : place.stop + after]
        loud = slice(before, before + place.stop - place.start)
        said = _faded(_scaled(cut, loud, level_db), max(min(before, after), self._samples_in(_LEAST_FADE_S)))
        sound[at - before : at - before + said.size] += said

    def _spoken(self) -> tuple[Entry, Samples]:
        """The next word. Raises RecordingError if there is none that can be read."""
        if self._draws.happens(self._evaluation.unknown_share) and (found := self._next(self._unknown)):
            return found
        while (label := self._labels.draw()) is not None:
            if found := self._next(self._of_label[label]):
                return found
            self._labels.discard(label)
        raise RecordingError(
            "No recording of a word can be read, so there is nothing to compose a stream of.",
            remedy="Name another folder with --recordings; docs/streaming.md says what a stream is composed of.",
            details="\n".join(f"{name}: {reason}" for name, reason in self._skipped.items()),
            code="stream-empty",
        )

    def _next(self, deck: Deck[Entry]) -> tuple[Entry, Samples] | None:
        """The next recording that can be read; None without any."""
        while (entry := deck.draw()) is not None:
            try:
                loaded = reading.load(entry, self._heard)
            except RecordingError as error:
                self._skipped[entry.name] = error.message
                deck.discard(entry)
            else:
                self._notes[entry.name] = loaded.notes
                return entry, loaded.samples
        return None

    def _samples_in(self, seconds: float) -> int:
        return round(seconds * self._heard.rate_hz)


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
