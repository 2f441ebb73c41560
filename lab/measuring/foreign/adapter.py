"""What the lab has to know of a firmware that does not speak its protocol: a `.toml` file of the user's.

docs/own-firmware.md goes through the keys; examples/foreign-firmware has one that is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator, model_validator
from typing_extensions import Self

from lab import files
from lab import pattern as patterns
from lab.configuration import Frozen, place, read_toml
from lab.errors import ConfigurationError, UnknownName
from lab.workload import Limit, Workload

RETURN = "return"
"""What `end` of `[measure]` says for the return of the function that `begin` names."""

_GROUPS = ("label", "scores")


class Placed(Frozen):
    """Where in memory a plain memory image (BIN) belongs; files of other formats say it themselves."""

    address: int | None = Field(default=None, ge=0, lt=2**32)


class Input(Frozen):
    """Where samples go: a sensor of the board, the workload's if nothing is said, or an int16 array in its memory."""

    sensor: str | None = None
    buffer: str | None = None

    @model_validator(mode="after")
    def _is_one_place(self) -> Self:
        if self.sensor is not None and self.buffer is not None:
            raise ValueError("has both a sensor and a buffer; samples go to one place")
        return self


class Output(Frozen):
    """Regular expressions that are looked for in each line of the `port`, or UART; times are virtual seconds.

    Recordings begin at the `ready` line, `ready_after_s` after reset, or at the later of both where both are said.
    `result` has the group `label`, or `scores`, or both. `silent` are the labels that no such line within
    `result_within_s` stands for; without it that is an error. A line that stands for nothing else says no more than
    that, and is passed over.
    """

    ready: str | None = None
    ready_within_s: float = Field(default=2.0, gt=0, le=600)
    ready_after_s: float = Field(default=0.0, ge=0, le=600)
    port: str | None = None
    result: str
    result_within_s: float = Field(gt=0, le=600)
    fault: str | None = None
    silent: tuple[str, ...] = ()

    @field_validator("ready", "result", "fault")
    @classmethod
    def _is_a_pattern(cls, pattern: str | None, info: ValidationInfo) -> str | None:
        if pattern is None:
            return None
        try:
            groups = patterns.groups(pattern)
        except patterns.Unusable as error:
            raise ValueError(f"is no regular expression of RE2: {error}") from None
        if info.field_name == "result":
            if unknown := [name for name in groups if name not in _GROUPS]:
                raise ValueError(f"has the group {unknown[0]!r}; groups are {' and '.join(_GROUPS)}")
            if not groups:
                raise ValueError("has neither a group (?P<label>...) nor (?P<scores>...)")
        return pattern

    @field_validator("silent", mode="before")
    @classmethod
    def _is_one_or_several(cls, labels: object) -> object:
        return _several(labels)


class Measure(Frozen):
    """Two functions: counted is from the first instruction of `begin` to that of `end`, or to its return."""

    begin: str
    end: str = RETURN


class Stack(Frozen):
    """Symbols at the lowest address of the stack and behind its highest."""

    bottom: str
    top: str


class Adapter(Frozen):
    """One firmware's ways. `labels` has, for a text that it prints, the workload's labels that the text stands for.

    `limits` hold in the place of the workload's. `file` is where this was read from.
    """

    file: Path
    image: Placed = Placed()
    input: Input = Input()
    output: Output
    labels: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    measure: Measure | None = None
    stack: Stack | None = None
    limits: dict[str, Limit] = Field(default_factory=dict)

    @field_validator("labels", mode="before")
    @classmethod
    def _are_one_or_several(cls, labels: object) -> object:
        return {text: _several(meant) for text, meant in labels.items()} if isinstance(labels, Mapping) else labels

    @property
    def name(self) -> str:
        """The file's, without its ending."""
        return self.file.stem

    @property
    def has_scores(self) -> bool:
        """Whether the firmware prints scores, which can be held against the host's."""
        return "scores" in patterns.groups(self.output.result)

    def place(self, *key: str) -> str:
        """`file:line` of a key."""
        return place(self.file, files.text(self.file), *key)

    def meaning(self, text: str, workload: Workload) -> tuple[str, ...]:
        """Labels of the workload that a printed text stands for; none if nothing says so.

        Without `[labels]` the texts are the workload's labels.
        """
        if self.labels:
            return self.labels.get(text, ())
        return (text,) if text in workload.labels else ()

    def unheard(self, workload: Workload) -> tuple[str, ...]:
        """Labels of the workload that nothing stands for, so that no recording of them can be heard right."""
        if not self.labels:
            return ()
        meant = {label for labels in (*self.labels.values(), self.output.silent) for label in labels}
        return tuple(label for label in workload.labels if label not in meant)


def load(file: Path, workload: Workload) -> Adapter:
    """The adapter in that file, for that workload.

    Raises ConfigurationError that names file, line and key, and UnknownName for a label or metric that there is not.
    """
    loaded = read_toml(file, Adapter, file=file)
    for keys, kind, name, known in _names(loaded, workload):
        if name not in known:
            raise UnknownName(kind, name, known, where=loaded.place(*keys))
    if loaded.input.buffer is not None and workload.input.is_picture:
        raise ConfigurationError(
            f"{loaded.place('input', 'buffer')}: input.buffer: it is for samples, and {workload.name} plays pictures.",
            remedy="Leave it out: pictures go to a camera.",
            code="toml-content",
        )
    return loaded


def _names(adapter: Adapter, workload: Workload) -> Iterator[tuple[tuple[str, ...], str, str, tuple[str, ...]]]:
    """Every name that has to be known: the key that says it, what it is, and what there is."""
    of_workload = f"label of {workload.name}"
    for text, meant in adapter.labels.items():
        for label in meant:
            yield ("labels", text), of_workload, label, workload.labels
    for label in adapter.output.silent:
        yield ("output", "silent"), of_workload, label, workload.labels
    for metric in adapter.limits:
        yield ("limits", metric), "metric", metric, tuple(workload.metrics())


def _several(labels: object) -> object:
    return (labels,) if isinstance(labels, str) else labels
