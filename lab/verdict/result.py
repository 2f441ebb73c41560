"""The shape of `result.json`, version 1. `result.schema.json` beside this file is generated from it.

A field may be added within a version; a field that changes its meaning or goes away makes a new version.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import Self

from lab.errors import BuildError, LabError, UsageError
from lab.features import Layout
from lab.metrics import Mode, Quantity, spelled
from lab.outcomes.memory import Footprint
from lab.outcomes.recording import Difference
from lab.outcomes.stream import Fate, Pace
from lab.outcomes.stream import Standing as DetectionStanding
from lab.signals.input import Input
from lab.signals.signal import SOUND

Verdict = Literal["passed", "failed", "error", "interrupted"]

_MILDEST_FIRST: tuple[Verdict, ...] = ("passed", "failed", "error", "interrupted")


class Written(BaseModel):
    """Base of all that is written to a file as JSON."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False, use_attribute_docstrings=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _can_be_written(cls, values: object) -> object:
        """Names that are not UTF-8 have halves of surrogate pairs for it, which no JSON holds: they are written out."""
        return {name: _whole(value) for name, value in values.items()} if isinstance(values, dict) else values


def _whole(value: object) -> object:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_whole(name): _whole(inner) for name, inner in value.items()}
    return tuple(map(_whole, value)) if isinstance(value, tuple) else value


Name = Annotated[str, Field(pattern=r"^[^/\x00-\x1f\x7f]{0,100}$")]
"""Of a workload, target or variant: folders and files are named after it."""


class Bounds(Written):
    """What a value has to keep to, inclusive."""

    at_least: float | None = None
    at_most: float | None = None

    def hold(self, value: float) -> bool:
        """Whether `value` is within the bounds."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    def in_words(self, metric: str) -> str:
        """As bounds of the metric of that name: `at least 87.5 %`."""
        named = (("at least", self.at_least), ("at most", self.at_most))
        return " and ".join(f"{name} {spelled(bound, metric)}" for name, bound in named if bound is not None)


class Check(Written):
    """One limit and whether it was kept."""

    name: str
    """The metric, `skipped_recordings`, or the name of a Robot test that failed for another reason."""
    limit: Bounds | None
    """None for a Robot test that failed for a reason other than a limit."""
    value: int | float | None
    """None if the metric is missing or could not be counted, which fails the check."""
    passed: bool
    where: str
    """File and line that set the limit (`models/keyword-spotting/workload.toml:43`), or of the Robot test."""
    origin: Literal["limit", "baseline", "suite"] = "limit"
    """Whether a limit in `workload.toml`, a baseline with its tolerated change, or a Robot test asks for it."""
    before: int | float | None = None
    """The value in the baseline, where that asks for it; `limit` is then what the regression policy tolerates."""
    recordings: int | None = None
    """Over how many recordings both values are, where those that both runs played are not all of them."""

    def __str__(self) -> str:
        if self.limit is None:
            return f"the Robot test {self.name!r} failed ({self.where})"
        limit = self.limit.in_words(self.name)
        value = "has no value" if self.value is None else f"is {spelled(self.value, self.name)}"
        if self.before is not None:
            over = "" if self.recordings is None else f" (recordings compared: {self.recordings:,})"
            return (
                f"{self.name} {value}{over}, was {spelled(self.before, self.name)}; tolerated: {limit} ({self.where})"
            )
        return f"{self.name} {value}; limit: {limit} ({self.where})"


class SkippedRecording(Written):
    """A recording that could not be played."""

    clip: str
    reason: str


class Sensor(Written):
    """What the board hears or feels with."""

    name: str
    axes: tuple[str, ...]
    """`sound` alone for a microphone."""
    unit: str
    """Of the axes; empty for full scale."""
    rate_hz: float
    lead: int = 0
    """Frames that are held before what was recorded; the indices of samples count them."""

    @classmethod
    def of(cls, played: Input) -> Sensor:
        """That of a workload."""
        return cls(name=played.sensor, axes=played.axes, unit=played.unit, rate_hz=played.rate_hz, lead=played.lead)


class Recordings(Written):
    """What the firmware listened to."""

    count: int
    """Recordings that were played."""
    skipped: int
    """Recordings that could not be played; `skipped_recordings` of the run names them."""
    source: str
    """What kind of recordings the accuracy was measured on."""
    stimuli: str
    """SHA-256 over the names and samples of all that were played, in order: equal for the same recordings."""
    partial: bool = False
    """Whether only some were asked for; such a run makes no baseline."""


class Clip(Written):
    """One recording as the device heard it."""

    clip: str
    """Path below the recordings folder."""
    label: str
    """What the recording is."""
    decided: str
    """What the device took it for."""
    correct: bool
    scores: tuple[int, ...]
    """The device's: int8 in the order of the confusion matrix's labels, unless the run's `scores` names others."""
    host_scores: tuple[int, ...]
    stimulus: str
    """SHA-256 of the samples that were played."""
    samples_crc: str
    features_crc: str
    instructions: int | None
    """Of the inference, as `cycles`; None where the firmware gives no way to count them."""
    cycles: int | None
    time_ns: int
    """Virtual time."""
    awake_cycles: int | None = None
    """Modelled cycles from the start of the recording to the end of the inference, sleep left out."""
    cpu_load: float | None
    """Their share of the core's clock cycles meanwhile, 0..1."""
    stack_used: int | None
    lost_samples: int | None
    late_inferences: int | None
    difference: Difference | None
    """None if device and host are equal bit for bit."""
    metrics: dict[str, int | float | None] = {}
    """What it has of the metrics that are made over recordings, accuracy and bit_exact as 0 or 1."""


class StreamWord(Written):
    """An event of a stream: a word that was said, a gesture. Times are seconds from the start of the stream."""

    label: str
    clip: str
    """The recording that it is from, below the recordings folder."""
    start_s: float
    end_s: float
    snr_db: float | None
    """How far below it the noise is that was added; None where none was."""
    fate: Fate
    """heard; missed; mistaken for another only; of one of the background: ignored, as it should be, or taken."""
    delay_ms: float | None
    """From its end, or the beginning of a fault, to the end of the inference that detected it."""
    taken_for: str | None


class StreamDetection(Written):
    """An event that the device reported."""

    time_s: float
    """When the inference that led to it ended, in seconds from the start of the stream."""
    label: str
    score: int
    """As the device printed it: 0..255 of probabilities, else as the decision counts it."""
    standing: DetectionStanding
    """right, or a false accept: wrong event, again the same, of the background (unknown), where nothing was."""
    word: int | None
    """Index in `words` of the one that it belongs to, if any."""
    delay_ms: float | None


class StreamWindow(Written):
    """An inference of a stream, where a task asks what each is about."""

    time_s: float
    """Where its window ends, in seconds from the start of the stream."""
    label: str | None
    """What all of its window is of; None where that is more than one thing."""
    decided: str
    scores: tuple[int, ...]


class StreamPart(Written):
    """A piece of the stream, which is played on and on: what the device did in it."""

    number: int
    start_s: float
    seconds: float
    stimulus: str
    """SHA-256 of the samples that were played."""
    inferences: int
    instructions: int
    cpu_load: float
    stack_used: int
    lost_samples: int
    late_inferences: int
    metrics: dict[str, int | float | None] = {}
    """What it has of the metrics that are made over parts."""


class StreamHeard(Written):
    """What the device made of a stream: `stream.wav` or `stream.csv` of the run's folder, with `stream.txt` and
    `heard.txt`."""

    seconds: float
    """How much of it was heard."""
    seed: int
    pace: Pace
    """How fast virtual time passed."""
    parts: tuple[StreamPart, ...]
    words: tuple[StreamWord, ...]
    detections: tuple[StreamDetection, ...]
    windows: tuple[StreamWindow, ...] = ()


class Confusion(Written):
    """How often each label was taken for which."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    """Rows are what recordings are, columns what the device decided."""

    @model_validator(mode="after")
    def _is_square(self) -> Self:
        if {len(self.labels)} != {len(self.counts), *map(len, self.counts)}:
            raise ValueError("needs a row and a column for each label")
        return self


Standing = Literal["better", "same", "worse", "not comparable"]
"""Of a number against an earlier one. *same* includes a change that the regression policy tolerates."""


class Change(Written):
    """One metric against its earlier value."""

    metric: str
    before: int | float | None
    now: int | float | None
    standing: Standing
    why: str
    """Why it cannot be compared, or which change is tolerated."""
    recordings: int | None = None
    """Over how many recordings both values are, where those that both runs played are not all of them."""


class ClipChange(Written):
    """A recording whose decision changed, that has other samples, or that only one of two runs played."""

    clip: str
    label: str
    before: str | None
    now: str | None
    other_samples: bool = False
    """Whether its samples are not the same as before, so that it is a recording of its own."""


class IdentityChange(Written):
    """Something that firmware and numbers come from, and that is not the same as before."""

    name: str
    """`recordings`, or a key of the run's `build`: `toolchain_hash`, `model`, `tflm`."""
    before: str | None
    now: str | None


class SizeChange(Written):
    """A section, library or symbol that is larger or smaller than before."""

    kind: Literal["section", "library", "symbol"]
    name: str
    section: str
    """In which section the symbol lies; empty for sections and libraries."""
    library: str
    """To which library the symbol belongs; empty for sections and libraries, and where the map does not say."""
    before: int | None
    """Bytes, as `now`; None if it was not there before."""
    now: int | None
    """None if it has gone."""

    @property
    def growth(self) -> int:
        """Bytes more than before."""
        return (self.now or 0) - (self.before or 0)


class Comparison(Written):
    """A run against an earlier one."""

    against: str
    """The baseline's file or the earlier run's folder."""
    standing: Standing
    """Worse if any metric is, else better if any is, else same; "not comparable" if no metric can be compared."""
    why: str
    """In words: what is worse, or why nothing can be compared."""
    changes: tuple[Change, ...]
    clips: tuple[ClipChange, ...]
    identities: tuple[IdentityChange, ...] = ()
    """What the two do not have in common. A changed model does not keep numbers from being compared."""
    sizes: tuple[SizeChange, ...] = ()
    """Sections, libraries and symbols whose size changed, each kind with the largest change first."""
    common: int | None = None
    """How many recordings, or parts of a stream, are the same in both, name and samples; None if all are."""


class Error(Written):
    """What ended a run early, or kept it from starting."""

    kind: str
    """Name of the class in `lab/errors.py`."""
    code: str
    """Finer and more stable than the class; `docs/troubleshooting.md` has them all."""
    message: str
    details: str
    remedy: str
    exit_code: int

    @classmethod
    def of(cls, error: LabError) -> Error:
        """The error as data."""
        return cls(
            kind=type(error).__name__,
            code=error.code,
            message=error.message,
            details=error.details,
            remedy=error.remedy,
            exit_code=error.exit_code,
        )


class Run(Written):
    """One workload on one target in one variant."""

    workload: Name
    target: Name
    variant: Name
    engine: str
    hardware_faithful: bool
    """Whether this ELF would run on the real board as it is."""
    verdict: Verdict
    error: Error | None
    recordings: Recordings
    skipped_recordings: tuple[SkippedRecording, ...]
    notes: tuple[str, ...]
    """What was done to recordings before they were played (resampled, mixed to one channel)."""
    metrics: dict[str, Quantity]
    checks: tuple[Check, ...]
    """Empty if the run did not finish: what is half measured is not judged."""
    memory: Footprint | None
    """None if the firmware was not built."""
    baseline: Comparison | None = None
    """None if the run did not finish, or was not to be compared."""
    sensor: Sensor | None = None
    """None in results of labs that knew a microphone only."""
    features: Layout | None = None
    """How what the model gets is laid out in a picture."""
    scores: tuple[str, ...] = ()
    """What each score of a recording is of, where that is not the confusion matrix's labels."""
    threshold: int | None = None
    """Of a single score: what is above it is decided an anomaly."""
    build: dict[str, str]
    """What this firmware was built with and from: the toolchain and its hash, TFLM, the model, the cost model."""
    options: tuple[str, ...] = ()
    """What `lab run` was told besides workload and target, where it changes what is measured or how it is judged."""
    confusion: Confusion | None
    """None if nothing was played."""
    clips: tuple[Clip, ...]
    task: str = "detection"
    """What the scores are for: classification, detection, anomaly."""
    event: str = "word"
    """What people call what a stream is made of."""
    mode: Mode = "clip"
    """Whether recordings were played one by one, or a stream that is composed of them."""
    stream: StreamHeard | None = None
    """None unless a stream was played; then there are no `clips`."""
    host_seconds: float
    """How long it took here; never decides a verdict."""

    @property
    def is_sound(self) -> bool:
        """Whether what was played is sound."""
        return self.sensor is None or self.sensor.axes == SOUND

    @property
    def failed_checks(self) -> list[Check]:
        """Limits that were not kept."""
        return [check for check in self.checks if not check.passed]


class Result(Written):
    """What `lab run` found, whole or as far as it got."""

    schema_: Literal["tinyml-device-lab/result/1"] = Field(default="tinyml-device-lab/result/1", alias="schema")
    verdict: Verdict
    """passed: every limit was kept. failed: a limit was not, or the firmware faulted or fell silent. error: the lab
    could not do its work (`error` of the run says why). interrupted: by Ctrl-C or SIGTERM. The worst of the runs."""
    fingerprint: str | None
    """SHA-256 over ELF, stimuli, virtual-time settings and what was heard. None unless every run finished."""
    provenance: dict[str, str]
    """Versions, the toolchain's hash, the state of the git checkout."""
    runs: tuple[Run, ...]

    @property
    def exit_code(self) -> int:
        """The exit code of `lab run`: 0, 1, 2, 3 or 130."""
        if self.verdict == "interrupted":
            return 130
        errors = [run.error.exit_code for run in self.runs if run.verdict == "error" and run.error]
        return max(errors, default=int(self.verdict != "passed"))

    @property
    def never_began(self) -> bool:
        """Whether nothing was done because it was asked for wrongly: an option, a model, a folder of recordings.

        Sources that do not compile are no such thing: that is found by work.
        """
        errors = [run.error for run in self.runs if run.memory is None]
        return len(errors) == len(self.runs) and all(
            error is not None and error.exit_code == UsageError.exit_code and error.kind != BuildError.__name__
            for error in errors
        )

    def to_json(self) -> str:
        """The text of `result.json`."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict over several; one that did not finish is worse than one that failed."""
    return max(verdicts, key=_MILDEST_FIRST.index)
