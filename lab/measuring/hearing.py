"""From one recording to its outcome, whoever built the firmware."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.errors import RecordingError
from lab.measuring import second_try
from lab.measuring.host import Expectation
from lab.measuring.keeping import Keeping
from lab.outcomes.recording import ClipOutcome, Difference, SkippedClip
from lab.recordings import reading
from lab.recordings.collection import Entry
from lab.signals.input import Input


@dataclass(frozen=True)
class Answer:
    """What a board made of a recording, and how that compares with what the host expects, if it is asked.

    `counted` are values of `lab.outcomes.recording.Counted` by name; the CRCs are empty where a firmware tells none.
    """

    decided: str
    scores: tuple[int, ...]
    counted: Mapping[str, Any]
    log: tuple[str, ...]
    expected: Expectation | None
    difference: Difference | None
    samples_crc: str = ""
    features_crc: str = ""


def outcome(
    entry: Entry, played: Input, answer: Callable[[NDArray[np.int16]], Answer], keeping: Keeping
) -> ClipOutcome | SkippedClip:
    """What `answer` makes of a recording's samples, once more if the emulator dies; a broken recording is skipped."""
    try:
        loaded = reading.load(entry, played)
    except RecordingError as error:
        return SkippedClip(entry.name, error.message)
    samples = loaded.samples
    found, again = second_try.heard(lambda: answer(samples))
    expected = found.expected
    right = found.decided == entry.label
    return ClipOutcome(
        **found.counted,
        clip=entry.name,
        path=entry.path,
        place=entry.place,
        label=entry.label,
        stimulus=hashlib.sha256(samples.tobytes()).hexdigest(),
        decided=found.decided,
        scores=found.scores,
        host_scores=expected.scores if expected else (),
        samples_crc=found.samples_crc,
        features_crc=found.features_crc,
        difference=found.difference,
        notes=(*loaded.notes, *again),
        log=found.log,
        kept=keeping.of(samples, expected.features if expected else None, found.difference, correct=right),
    )
