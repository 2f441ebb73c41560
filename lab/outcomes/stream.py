"""What a listening device made of a stream."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lab.recordings.stream import Word

Fate = Literal["heard", "missed", "mistaken", "ignored", "taken"]
"""Of a word: *heard*, *missed* (nothing was detected), *mistaken* (only another word was); of a word without a label of
its own: *ignored* as it should be, or *taken* for one."""

Standing = Literal["right", "wrong", "again", "unknown", "nothing"]
"""Of a detection: *right*, or a false accept: *wrong* (another word was said), *again* (the word was heard before),
*unknown* (a word without a label was said), *nothing* (no word was)."""


@dataclass(frozen=True)
class Pace:
    """How fast virtual time passed: instructions a microsecond, from the core's clock and the modelled cycles."""

    mips: int
    clock_mhz: float
    cycles_per_instruction: float
    cost_model: str


@dataclass(frozen=True)
class PartOutcome:
    """One part as the device heard it. `detected` are time in seconds of the stream, label and score of each."""

    number: int
    start_s: float
    seconds: float
    stimulus: str
    words: tuple[Word, ...]
    detected: tuple[tuple[float, str, int], ...]
    inferences: int
    instructions: int
    cpu_load: float
    stack_used: int
    lost_samples: int
    late_inferences: int
    log: tuple[str, ...] = ()


@dataclass(frozen=True)
class Detection:
    """A word that the device reported. `word` is the index of the word that it belongs to, if any.

    `delay_ms` is the time from that word's end, None unless it is right; negative before the end.
    """

    time_s: float
    label: str
    score: int
    standing: Standing
    word: int | None
    delay_ms: float | None


@dataclass(frozen=True)
class HeardWord:
    """A word and what became of it. `taken_for` is the label that was detected, None if there was none."""

    word: Word
    fate: Fate
    delay_ms: float | None
    taken_for: str | None


@dataclass(frozen=True)
class StreamOutcome:
    """All parts that were heard, and what is made of them together. `samples` are int16, those of all parts."""

    seed: int
    rate_hz: int
    pace: Pace
    parts: tuple[PartOutcome, ...]
    words: tuple[HeardWord, ...]
    detections: tuple[Detection, ...]
    samples: NDArray[np.int16] = field(repr=False, compare=False)

    @property
    def seconds(self) -> float:
        """How long it was."""
        return sum(part.seconds for part in self.parts)
