"""What was measured: the values that `measuring` hands to `verdict`, frozen and free of any rendering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lab.errors import LabError
from lab.measuring.stream_outcome import StreamOutcome
from lab.metrics import METRICS, Kind, Mode, Number
from lab.workload import Limit

Stage = Literal["samples", "features", "operator", "decision"]


@dataclass(frozen=True)
class Metric:
    """One number; `value` is None where the engine cannot count it."""

    value: int | float | None
    unit: str
    kind: Kind


@dataclass(frozen=True)
class Difference:
    """The first place where the device departs from the host.

    `stage` is the first that differs; `where` names the place in it ("sample 1203", "step 17, channel 3",
    "operator 4 CONV_2D, element 91", "label 2 (yes)", "label"); `device` and `host` are the values there.
    """

    stage: Stage
    where: str
    device: int | str
    host: int | str

    def __str__(self) -> str:
        return f"{self.stage}: {self.where} is {self.device} on the device, {self.host} on the host"


@dataclass(frozen=True)
class ClipOutcome:
    """One recording as the device heard it.

    `clip` is its name below the recordings folder, `path` the file, `stimulus` the SHA-256 of the samples that were
    played; `instructions` and `cycles` are those of the inference, `awake_cycles` and `cpu_load` as in `Heard`. What a
    firmware of somebody else's does not tell is None or empty.
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
    instructions: int | None
    cycles: int | None
    time_ns: int
    awake_cycles: int | None
    cpu_load: float | None
    stack_used: int | None
    lost_samples: int | None
    late_inferences: int | None
    difference: Difference | None
    notes: tuple[str, ...] = ()
    log: tuple[str, ...] = ()

    @property
    def correct(self) -> bool:
        """Whether the device decided what the recording is labelled."""
        return self.decided == self.label


@dataclass(frozen=True)
class SkippedClip:
    """A recording that could not be played, and why."""

    clip: str
    reason: str


@dataclass(frozen=True)
class Section:
    """An allocated section of the image and what it takes room in; initialised data takes both."""

    name: str
    size: int
    flash: bool
    ram: bool


@dataclass(frozen=True)
class Symbol:
    """A function or object, demangled, with the section and the library it lies in ("" where the map does not say)."""

    name: str
    size: int
    section: str
    library: str


@dataclass(frozen=True)
class Memory:
    """Bytes that the image takes of the target's `flash_size` and `ram_size`, and of what."""

    flash_bytes: int
    ram_bytes: int
    flash_size: int
    ram_size: int
    arena_size: int
    stack_size: int
    sections: tuple[Section, ...]
    symbols: tuple[Symbol, ...] = ()


@dataclass(frozen=True)
class OwnLimits:
    """Limits that come with the firmware and hold in the place of the workload's; `[limits]` of `file` has them."""

    file: Path
    limits: Mapping[str, Limit]


@dataclass(frozen=True)
class Measurement:
    """One workload on one target, as far as it got: `error` tells what ended it early, if anything did.

    `provenance` says what took part whatever the workload, `build` what this firmware was made with and from, `options`
    what `lab run` has to be told besides workload and target. A partial one played only those recordings that the
    request named. `untold` are metrics that a firmware of somebody else's gives no way to know. One of a stream has no
    `clips`, and its variant ends in `-stream`. `by_clip` says, in the order of `clips` or of the stream's parts, what
    each has of the metrics that are made over recordings.
    """

    workload: str
    target: str
    variant: str
    engine: str
    hardware_faithful: bool
    source: str
    clips: tuple[ClipOutcome, ...]
    skipped: tuple[SkippedClip, ...]
    notes: tuple[str, ...]
    memory: Memory
    metrics: dict[str, Metric]
    fingerprint: str
    labels: tuple[str, ...]
    provenance: dict[str, str]
    build: dict[str, str]
    host_seconds: float
    error: LabError | None = None
    interrupted: bool = False
    partial: bool = False
    elf: Path | None = None
    map: Path | None = None
    options: tuple[str, ...] = ()
    untold: frozenset[str] = frozenset()
    own_limits: OwnLimits | None = None
    stream: StreamOutcome | None = None
    by_clip: tuple[Mapping[str, Number | None], ...] = ()

    @property
    def mode(self) -> Mode:
        """What was played: recordings one by one, or a stream."""
        return "clip" if self.stream is None else "stream"

    @property
    def not_counted(self) -> frozenset[str]:
        """Metrics without a value because the firmware does not tell them, or the engine counts no cycles."""
        counted = not self.clips or any(clip.awake_cycles is not None for clip in self.clips)
        of_cycles = () if counted else (name for name, metric in METRICS.items() if metric.of_cycles)
        return self.untold.union(of_cycles)
