"""A workload: what an application listens to, decides and must keep to, `models/<name>/workload.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator, model_validator
from typing_extensions import Self

from lab import decisions, features, places, tasks
from lab.configuration import Frozen, place, read_toml
from lab.errors import ConfigurationError, UnknownName
from lab.metrics import Metric, Mode
from lab.recordings.carried import Source
from lab.signals.input import Input
from lab.tasks import Task


def _in_order(span: tuple[float, float]) -> tuple[float, float]:
    if span[0] > span[1]:
        raise ValueError("the first number is larger than the second")
    return span


Seconds = Annotated[float, Field(ge=0, le=600)]
Duration = Annotated[float, Field(ge=1, le=600)]
Decibels = Annotated[float, Field(ge=-200, le=200)]

MOST_SEED = 2**32 - 1
MOST_MINUTES = 600.0
"""Of a stream: its samples are held in memory, 1.2 GB in ten hours at 16 kHz."""


class Evaluation(Frozen):
    """What `lab run --mode stream` composes of the recordings. Pairs are spans from which is drawn evenly.

    An event counts as detected until `late_ms` after its end. Where a task asks for events, `gap_s` lies between one
    and the next, and `unknown_share` of them are of the background. Where every inference is judged, one label lasts
    for `stretch_s`, and then another.

    Of events in sound alone: labels of the background in `noise` are what is behind the others, in scenes of which
    `quiet_share` have none; `level_db` is the events' level, below full scale, `snr_db` how far below the event the
    noise is.
    """

    minutes: float = Field(default=5.0, ge=0.25, le=MOST_MINUTES)
    seed: int = Field(default=1, le=MOST_SEED)
    gap_s: Annotated[tuple[Seconds, Seconds], AfterValidator(_in_order)] = (0.5, 4.0)
    stretch_s: Annotated[tuple[Duration, Duration], AfterValidator(_in_order)] = (20.0, 40.0)
    unknown_share: float = Field(default=0.25, ge=0, le=1)
    level_db: Annotated[tuple[Decibels, Decibels], AfterValidator(_in_order)] = (-30.0, -18.0)
    snr_db: Annotated[tuple[Decibels, Decibels], AfterValidator(_in_order)] = (6.0, 30.0)
    quiet_share: float = Field(default=0.2, ge=0, le=1)
    noise: tuple[str, ...] = ()
    late_ms: int = Field(default=1_500, gt=0, le=60_000)


_OF_STATES = {"stretch_s"}
_OF_EVENTS = {"gap_s", "unknown_share"}
_OF_EVENTS_IN_SOUND = {"noise", "level_db", "snr_db", "quiet_share"}


class Limit(Frozen):
    """Bounds of one metric, inclusive; `because` explains one that is looser than 3 % from what was measured."""

    at_least: float | None = None
    at_most: float | None = None
    because: str = ""

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs at_least or at_most")
        return self


Limits = dict[str, Limit]


class Streaming(Frozen):
    """What holds for a device that goes on and on.

    `limits` are those of `lab run --mode stream`, but for those that `limits_on` has for one board.
    """

    evaluation: Evaluation = Evaluation()
    limits: Limits = Field(default_factory=dict)
    limits_on: dict[str, Limits] = Field(default_factory=dict)


class Recordings(Frozen):
    """The recordings that ship: `source` says at the top of every report what they are, those of `also` included.

    `names` are words that stand for labels in recordings of others: { imbalance = "anomaly" }.
    """

    folder: str
    source: str
    also: tuple[Source, ...] = ()
    names: dict[str, str] = Field(default_factory=dict)
    max_skipped: int = 0


class Workload(Frozen):
    """One application with its model and limits. `name` and `folder` come from where the file is.

    `task` is what its scores are for, `background` those of its labels that are no events, and `event` what people call
    one: a word, a gesture.

    One whose features only firmware of others computes has neither model nor arena.
    `arena_bytes` is None where `arena` is "auto": the smallest that works on the device (lab/measuring/arena.py).
    `tflm` is the TFLM that its limits are for (lab/building/tflm.py). `limits` hold on every board, but for those that
    `limits_on` has for one board.
    """

    name: str
    folder: Path
    title: str
    task: Annotated[Task, PlainValidator(tasks.named)]
    labels: tuple[str, ...]
    background: tuple[str, ...] = ()
    event: str = Field(default="event", min_length=1, max_length=30)
    model: str = ""
    arena_bytes: int | None = Field(default=None, gt=0, lt=2**31)
    arena: Literal["auto"] | None = None
    tflm: Literal["auto", "crate", "upstream"] = "auto"
    input: Input
    features: features.OfAnyKind
    decision: decisions.OfAnyKind
    streaming: Streaming = Streaming()
    recordings: Recordings
    targets: tuple[str, ...] = Field(min_length=1)
    limits: dict[str, Limit]
    limits_on: dict[str, dict[str, Limit]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_a_model_and_says_how_large_its_arena_is(self) -> Self:
        if self.features.computed is (self.decision.kind == "of-firmware"):
            raise ValueError("features and decision are either both of-firmware, or neither")
        if not self.features.computed:
            return self
        if not self.model:
            raise ValueError("needs a model")
        if (self.arena_bytes is None) == (self.arena is None):
            raise ValueError('needs either arena_bytes, or arena = "auto"')
        return self

    @model_validator(mode="after")
    def _has_labels_for_its_task(self) -> Self:
        self.task.check(self.labels, self.background)
        scores, wanted = len(self.decision.score_names(self.labels)), self.task.scores(self.labels)
        if scores != wanted:
            raise ValueError(
                f"decision.kind {self.decision.kind!r} gives {scores} scores; the task {self.task.name} needs {wanted}"
            )
        return self

    @model_validator(mode="after")
    def _composes_as_its_task_and_sensor_ask(self) -> Self:
        evaluation = self.streaming.evaluation
        strange = _OF_EVENTS | _OF_EVENTS_IN_SOUND if self.task.of_states else _OF_STATES
        if said := sorted(evaluation.model_fields_set & strange):
            raise ValueError(f"streaming.evaluation.{said[0]} is not for the task {self.task.name}")
        if not self.input.is_sound and (said := sorted(evaluation.model_fields_set & _OF_EVENTS_IN_SOUND)):
            raise ValueError(f"streaming.evaluation.{said[0]} is for sound, and the sensor is {self.input.sensor}")
        if unknown := [label for label in evaluation.noise if label not in self.background]:
            raise ValueError(f"streaming.evaluation.noise names {unknown[0]!r}, which is none of background")
        return self

    @property
    def file(self) -> Path:
        """The file this was read from."""
        return self.folder / "workload.toml"

    @property
    def model_path(self) -> Path:
        """The model that ships with the workload.

        Raises ConfigurationError for a workload that has none: it is for firmware of others.
        """
        self.features.check_computed()
        return self.folder / self.model

    def metrics(self, mode: Mode = "clip") -> Mapping[str, Metric[Any, Any]]:
        """What a run of it in that mode is measured by, by name."""
        return self.task.metrics(mode)

    def limits_for(self, target: str, mode: Mode = "clip") -> dict[str, Limit]:
        """What holds on the board of that name in that mode, by metric."""
        of = self if mode == "clip" else self.streaming
        return {**of.limits, **of.limits_on.get(target, {})}


def names() -> list[str]:
    """Every workload of the project."""
    return sorted(file.parent.name for file in (places.project() / "models").glob("*/workload.toml"))


def load(name: str) -> Workload:
    """The workload of that name.

    Raises UnknownName for it, for a limit of no metric, or on a board that it is not for; ConfigurationError for a
    broken file.
    """
    if name not in names():
        raise UnknownName("workload", name, names())
    folder = places.project() / "models" / name
    loaded = read_toml(folder / "workload.toml", Workload, name=name, folder=folder)
    _check_limits(loaded)
    _check_features(loaded)
    return loaded


def _check_features(workload: Workload) -> None:
    problem = workload.features.problem(workload.input)
    if problem is not None:
        text = workload.file.read_text(encoding="utf-8")
        raise ConfigurationError(
            f"{place(workload.file, text, 'features')}: the features do not fit the signal: {problem}.",
            remedy="Correct [features], or [input].",
            code="features-misfit",
        )


def _check_limits(workload: Workload) -> None:
    _check_limits_of("clip", workload, workload.limits, workload.limits_on)
    _check_limits_of("stream", workload, workload.streaming.limits, workload.streaming.limits_on, "streaming")


def _check_limits_of(mode: Mode, workload: Workload, limits: Limits, limits_on: dict[str, Limits], *outer: str) -> None:
    text = workload.file.read_text(encoding="utf-8")
    tables: dict[tuple[str, ...], Limits] = {(*outer, "limits"): limits}
    for target, of_target in limits_on.items():
        if target not in workload.targets:
            where = place(workload.file, text, *outer, "limits_on", target)
            raise UnknownName(f"target of {workload.name}", target, workload.targets, where=where)
        table = (*outer, "limits_on", target)
        tables[table] = of_target
    known = workload.metrics(mode)
    for table, of_table in tables.items():
        for metric in of_table:
            if metric not in known:
                raise UnknownName("metric", metric, known, where=place(workload.file, text, *table, metric))
