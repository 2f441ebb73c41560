"""A workload: what an application listens to, decides and must keep to, `models/<name>/workload.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from lab import places
from lab.configuration import Frozen, place, read_toml
from lab.errors import UnknownName
from lab.metrics import METRICS


class Input(Frozen):
    """What is played into the board: which sensor, at which rate, how long one recording is."""

    sensor: str
    rate_hz: int = Field(gt=0)
    window_s: float = Field(gt=0)

    @property
    def samples(self) -> int:
        """Samples in one recording."""
        return round(self.rate_hz * self.window_s)


class Features(Frozen):
    """The TFLM audio frontend's settings; `steps` x `channels` int8 values are the model's input."""

    kind: Literal["tflm-audio-frontend"]
    window_ms: int = Field(gt=0)
    step_ms: int = Field(gt=0)
    channels: int = Field(gt=0)
    steps: int = Field(gt=0)
    lower_hz: float
    upper_hz: float


class Streaming(Frozen):
    """How a running device turns scores into detections; scores are probabilities in 0..1."""

    stride_ms: int = Field(gt=0)
    average_ms: int = Field(ge=0)
    threshold: float = Field(ge=0, le=1)
    refractory_ms: int = Field(ge=0)


class Recordings(Frozen):
    """The recordings that ship: `source` says at the top of every report what they are."""

    folder: str
    source: str
    max_skipped: int = 0


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


class Workload(Frozen):
    """One application with its model and limits. `name` and `folder` come from where the file is.

    `arena_bytes` is None where `arena` is "auto": the smallest that works on the device (lab/measuring/arena.py).
    `limits` hold on every board, but for those that `limits_on` has for one board.
    """

    name: str
    folder: Path
    title: str
    labels: tuple[str, ...] = Field(min_length=2)
    model: str
    arena_bytes: int | None = Field(default=None, gt=0)
    arena: Literal["auto"] | None = None
    input: Input
    features: Features
    streaming: Streaming
    recordings: Recordings
    targets: tuple[str, ...] = Field(min_length=1)
    limits: dict[str, Limit]
    limits_on: dict[str, dict[str, Limit]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _says_how_large_its_arena_is(self) -> Self:
        if (self.arena_bytes is None) == (self.arena is None):
            raise ValueError('needs either arena_bytes, or arena = "auto"')
        return self

    @property
    def file(self) -> Path:
        """The file this was read from."""
        return self.folder / "workload.toml"

    @property
    def model_path(self) -> Path:
        """The model that ships with the workload."""
        return self.folder / self.model

    def limits_for(self, target: str) -> dict[str, Limit]:
        """What holds on the board of that name, by metric."""
        return {**self.limits, **self.limits_on.get(target, {})}


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
    return loaded


def _check_limits(workload: Workload) -> None:
    text = workload.file.read_text(encoding="utf-8")
    tables: dict[tuple[str, ...], dict[str, Limit]] = {("limits",): workload.limits}
    for target, limits in workload.limits_on.items():
        if target not in workload.targets:
            where = place(workload.file, text, "limits_on", target)
            raise UnknownName(f"target of {workload.name}", target, workload.targets, where=where)
        tables["limits_on", target] = limits
    for table, limits in tables.items():
        for metric in limits:
            if metric not in METRICS:
                raise UnknownName("metric", metric, METRICS, where=place(workload.file, text, *table, metric))
