"""`dataset.toml`, beside recordings: what their files do not say."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from lab import pattern as patterns
from lab.configuration import Frozen, read_toml
from lab.errors import RecordingError
from lab.signals import units
from lab.signals.sound import shown

FILE = "dataset.toml"

_GROUP = "person"


def _names_a_person(pattern: str) -> str:
    try:
        groups = patterns.groups(pattern)
    except patterns.Unusable as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    if _GROUP not in groups:
        raise ValueError(f"{pattern!r} has no group named {_GROUP}, such as (?P<{_GROUP}>[^/_]+)_")
    return pattern


def _is_a_unit_of_time(unit: str) -> str:
    if unit not in units.SECONDS:
        raise ValueError(f"{unit!r} is none of {', '.join(units.SECONDS)}")
    return unit


Encoding = Literal["int8", "int16", "int24", "int32", "float32", "float64"]
"""As what a value is stored."""


class Dataset(Frozen):
    """What holds for all recordings of a folder, in the place of what their files say.

    `axes` are the columns of the workload's axes, in their order; what has no names of its own has "1", "2" and so on.
    With `rate_hz` times in the files are not looked at; `time` is the column of times, in `time_unit`. `full_scale` is
    what 1.0 in a sound file stands for; `encoding` and `channels` say what raw samples are. `labels` says of words
    which of the workload's labels they are, and the group `person` of the pattern `person` finds in a file's path below
    the folder who is recorded.
    """

    rate_hz: float | None = Field(default=None, gt=0, le=10_000_000)
    axes: tuple[str, ...] | None = Field(default=None, min_length=1)
    unit: str | None = None
    time: str | None = None
    time_unit: Annotated[str, AfterValidator(_is_a_unit_of_time)] | None = None
    full_scale: float | None = Field(default=None, gt=0, le=1e12)
    encoding: Encoding | None = None
    channels: int | None = Field(default=None, gt=0, le=1_000)
    person: Annotated[str, AfterValidator(_names_a_person)] | None = None
    labels: dict[str, str] = Field(default_factory=dict)

    def person_of(self, path: str) -> str:
        """Who is recorded in a file of that path below the folder, "" where nothing tells."""
        return (patterns.parts(self.person, path).get(_GROUP) or "") if self.person else ""


def beside(folder: Path) -> Path | None:
    """The file that describes the recordings of a folder, if there is one."""
    file = folder / FILE
    return file if file.exists() else None


def read(file: Path | None) -> Dataset:
    """What the file says; nothing without one. Raises ConfigurationError."""
    return Dataset() if file is None else _read(file, file.stat().st_mtime_ns)


@functools.lru_cache(maxsize=64)
def _read(file: Path, _changed_ns: int) -> Dataset:
    return read_toml(file, Dataset)


def undescribed(path: Path, missing: str, lines: Sequence[str]) -> RecordingError:
    """The error for a file that does not say all that is needed; `lines` are what to write of what is missing."""
    return RecordingError(
        f"{shown(path)} does not say {missing}.",
        remedy=f"Write it, for all files of the folder, in a file {FILE} there:\n" + "\n".join(lines),
        code="recording-undescribed",
    )


def line(key: str, value: object, comment: str) -> str:
    """A line of dataset.toml."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}".ljust(40) + f"  # {comment}"
