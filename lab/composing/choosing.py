"""Which recording comes next in a stream: labels in turn, and of a label each before one of them comes again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from lab.composing.draws import Deck, Draws
from lab.errors import RecordingError
from lab.recordings.collection import Entry
from lab.recordings.recording import Recording

Samples = NDArray[np.int16]
Drawn = tuple[Entry, Samples]


class Recordings:
    """Recordings drawn by a seed. `skipped` has those that cannot be read, with the reason, `notes` what was done."""

    def __init__(self, entries: Iterable[Entry], draws: Draws, load: Callable[[Entry], Recording]) -> None:
        self._draws = draws
        self._load = load
        self._by_label: dict[str, list[Entry]] = {}
        self.skipped: dict[str, str] = {}
        self.notes: dict[str, tuple[str, ...]] = {}
        for entry in entries:
            self._by_label.setdefault(entry.label, []).append(entry)

    def taken(self, labels: Collection[str]) -> Deck[Entry]:
        """Those of some labels, mixed, which are no events any more."""
        return Deck(self._draws, [entry for label in labels for entry in self._by_label.pop(label, [])])

    def events(self) -> Events:
        """All that are left."""
        return Events(self, self._draws, self._by_label)

    def next(self, deck: Deck[Entry]) -> Drawn | None:
        """The next that can be read; None without any."""
        while (entry := deck.draw()) is not None:
            try:
                loaded = self._load(entry)
            except RecordingError as error:
                self.skipped[entry.name] = error.message
                deck.discard(entry)
            else:
                self.notes[entry.name] = loaded.notes
                return entry, loaded.samples
        return None

    def none_readable(self, what: str) -> RecordingError:
        """The error that nothing of that kind can be read."""
        return RecordingError(
            f"No recording of any {what} can be read, so there is nothing to compose a stream of.",
            remedy="Name another folder with --recordings; docs/streaming.md says what a stream is composed of.",
            details="\n".join(f"{name}: {reason}" for name, reason in self.skipped.items()),
            code="stream-empty",
        )


class Events:
    """Recordings of events, the labels in turn."""

    def __init__(self, recordings: Recordings, draws: Draws, by_label: dict[str, list[Entry]]) -> None:
        self._recordings = recordings
        self._draws = draws
        self._of_label = {label: Deck(draws, entries) for label, entries in sorted(by_label.items())}
        self._labels = Deck(draws, list(self._of_label))

    def next(self, background: Deck[Entry], share: float, event: str) -> Drawn:
        """The next, which with the probability `share` is of the background; of it alone if there are no events.

        Raises RecordingError if there is none that can be read. `event` is what people call one.
        """
        is_background = self._draws.happens(share)
        if (is_background or not self._of_label) and (found := self._recordings.next(background)):
            return found
        while (label := self._labels.draw()) is not None:
            if found := self._recordings.next(self._of_label[label]):
                return found
            self._labels.discard(label)
        raise self._recordings.none_readable(event)
