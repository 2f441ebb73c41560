"""Composing a stream of states: one label for a while, then another, with the truth beside it.

What lasts is made of recordings that follow each other: all of a part are of one person, or of a machine at one speed,
and all of a stretch of one label. Nothing is mixed, and nothing lies between. Where the task has a label that is usual,
a part begins with it and returns to it after every other one, as a machine is well until something fails; else labels
take turns.

A joint of two recordings is no signal of a sensor. Recordings are therefore cut to whole strides of the device: if its
windows are no longer than a stride, each is of one recording alone.

A seed gives the same samples on every machine. A longer stream of the same seed begins with the shorter one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lab.composing.choosing import Drawn, Recordings, Samples
from lab.composing.draws import Deck, Draws
from lab.composing.event import Event
from lab.composing.settings import Settings
from lab.composing.stream import Part, Stream
from lab.recordings import reading
from lab.recordings.collection import Collection, Entry

PART_S = 120.0
"""How long a part is, at least; and it is as long as three of the longest stretches."""


def compose(collected: Collection, settings: Settings) -> Stream:
    """A stream full of stretches, whose parts raise RecordingError if no recording can be read."""
    return Stream(settings, _part_s(settings), lambda: _Composer(collected, settings))


def _part_s(settings: Settings) -> float:
    return max(PART_S, 3 * settings.evaluation.stretch_s[1])


class _Subject:
    """The recordings of one person, or of a machine at one speed, by label."""

    def __init__(self, entries: list[Entry], usual: str | None, draws: Draws) -> None:
        labels = sorted({entry.label for entry in entries})
        self.of_label = {label: Deck(draws, [one for one in entries if one.label == label]) for label in labels}
        self._usual = usual
        self._others = Deck(draws, [label for label in labels if label != usual])

    def next(self, previous: str | None) -> str | None:
        """The label that follows the previous one, if possible another; None if there is none."""
        if self._usual in self.of_label and previous != self._usual:
            return self._usual
        label = self._others.draw()
        if label is not None and label == previous:
            label = self._others.draw()
        return label or (self._usual if self._usual in self.of_label else None)

    def discard(self, label: str) -> None:
        """Nothing of it can be read."""
        del self.of_label[label]
        if label != self._usual:
            self._others.discard(label)


class _Composer:
    def __init__(self, collected: Collection, settings: Settings) -> None:
        self._settings = settings
        self._draws = Draws(settings.evaluation.seed)
        most = settings.frames(_part_s(settings))
        self.recordings = Recordings(
            collected, self._draws, lambda entry: reading.stretch(entry, settings.played, most)
        )
        by_speaker: dict[str, list[Entry]] = {}
        for entry in collected:
            by_speaker.setdefault(entry.speaker, []).append(entry)
        subjects = [_Subject(entries, settings.usual, self._draws) for entries in by_speaker.values()]
        self._subjects = Deck(self._draws, subjects)

    def part(self, number: int, first: int, size: int) -> Part:
        """As `Composer` has it."""
        rate = self._settings.played.rate_hz
        pieces: list[Samples] = []
        events = []
        subject, label = None, None
        for begin, end in self._stretches(size):
            subject, label, drawn = self._begun(subject, label)
            names = []
            for name, piece in self._filled(drawn, subject.of_label[label], end - begin):
                names.append(name)
                pieces.append(piece)
            clip = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
            events.append(Event(label, clip, (first + begin) / rate, (first + end) / rate))
        samples = np.concatenate(pieces)
        samples.setflags(write=False)
        return Part(number, first / rate, samples, tuple(events))

    def _stretches(self, size: int) -> Iterator[tuple[int, int]]:
        """First frame and end of each stretch of a part, in whole strides; the last one goes on to the part's end."""
        settings = self._settings
        shortest = settings.frames(settings.evaluation.stretch_s[0])
        at = 0
        while at < size:
            length = settings.frames(self._draws.between(settings.evaluation.stretch_s))
            end = at + max(1, round(length / settings.stride)) * settings.stride
            if size - end < shortest:
                end = size
            yield at, end
            at = end

    def _begun(self, subject: _Subject | None, previous: str | None) -> tuple[_Subject, str, Drawn]:
        """The subject of a part, the next label, and a first recording of it."""
        while (chosen := subject or self._subjects.draw()) is not None:
            while (label := chosen.next(previous)) is not None:
                if drawn := self.recordings.next(chosen.of_label[label]):
                    return chosen, label, drawn
                chosen.discard(label)
            self._subjects.discard(chosen)
            subject = None
        raise self.recordings.none_readable("label")

    def _filled(self, drawn: Drawn, deck: Deck[Entry], size: int) -> Iterator[tuple[str, Samples]]:
        """So many frames of recordings of the deck, the first of which is drawn: name and samples of each."""
        following: Drawn | None = drawn
        while size and following is not None:
            entry, samples = following
            whole = len(samples) - len(samples) % self._settings.stride or len(samples)
            piece = samples[: min(whole, size)]
            yield entry.name, piece
            size -= len(piece)
            following = self.recordings.next(deck) if size else None
