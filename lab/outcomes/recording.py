"""What the device made of one recording."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lab.recordings.collection import Entry, Place
from lab.signals.signal import Signal

Stage = Literal["samples", "features", "operator", "decision"]


@dataclass(frozen=True)
class Difference:
    """The first place where the device departs from the host.

    `stage` is the first that differs; `where` names the place in it ("sample 1203", "step 17, channel 3",
    "operator 4 CONV_2D, element 91", "label 2 (yes)", "label"); `device` and `host` are the values there. `index` is
    the place in the stage's values: samples frame by frame, features row by row, an operator's output, scores; None
    where there is none.
    """

    stage: Stage
    where: str
    device: int | str
    host: int | str
    index: int | None = None

    def __str__(self) -> str:
        return f"{self.stage}: {self.where} is {self.device} on the device, {self.host} on the host"


@dataclass(frozen=True)
class Kept:
    """What there is to see of a recording: the signal without what was held before it, and what the host made of it.

    `features` are int8 [rows, values], None where the host made none.
    """

    signal: Signal
    features: NDArray[np.int8] | None


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What was counted while a board heard a recording; None is what firmware or engine do not tell.

    `instructions` and `cycles` are those of the inference; `awake_cycles` all from the start of the recording to the
    end of the inference, sleep left out; `cpu_load` their share of the core's clock cycles meanwhile, which are those
    that passed until the inference began, and those that it takes. `time_ns` is virtual, `stack_used` in bytes.
    """

    instructions: int | None
    cycles: int | None
    time_ns: int
    awake_cycles: int | None
    cpu_load: float | None
    stack_used: int | None
    lost_samples: int | None = None
    late_inferences: int | None = None

    @property
    def counted(self) -> dict[str, Any]:
        """These values by name."""
        return {one.name: getattr(self, one.name) for one in fields(Counted)}


@dataclass(frozen=True, kw_only=True)
class ClipOutcome(Counted):
    """One recording as the device heard it.

    `clip` is its name below the recordings folder, `path` the file, `place` where in it, `stimulus` the SHA-256 of the
    samples that were played. What a firmware of somebody else's does not tell is None or empty. `kept` is there of the
    first that speak against the run.
    """

    clip: str
    path: Path
    label: str
    stimulus: str
    decided: str
    scores: tuple[int, ...]
    host_scores: tuple[int, ...]
    samples_crc: str
    features_crc: str
    difference: Difference | None
    notes: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    place: Place | None = None
    kept: Kept | None = field(default=None, repr=False, compare=False)

    @property
    def entry(self) -> Entry:
        """The recording that was played."""
        return Entry(self.path, self.clip, self.label, place=self.place)

    @property
    def correct(self) -> bool:
        """Whether the device decided what the recording is labelled."""
        return self.decided == self.label


@dataclass(frozen=True)
class SkippedClip:
    """A recording that could not be played, and why."""

    clip: str
    reason: str
