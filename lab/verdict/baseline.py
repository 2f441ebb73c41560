"""Golden measurements: `baselines/<workload>/<target>-<variant>.json`, what later runs are held against.

A file says what the numbers come from and nothing of how they were obtained: no engine, no host, no time. It is written
for reviews: the same run gives the same bytes, and a metric, a symbol and a decision have a line each. The numbers of
single recordings, which most changes of the firmware move, are in columns at the end, a line a metric.

Version 1 had no columns; such a file is read, and compared with the same recordings only.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lab import files, places
from lab.errors import ConfigurationError
from lab.metrics import Number, Quantity
from lab.verdict.result import Run
from lab.verdict.where import where

FOLDER = "baselines"
SCHEMA = "tinyml-device-lab/baseline"
MOST_BYTES = 128 * files.MEGABYTE
_IN_LINES = ("metrics", "by_clip")
_STIMULUS_DIGITS = 16  # enough to tell recordings of one name apart

Pair = tuple[str, str, str]
"""What tells runs and baselines from others: workload, target, variant."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


class RecordingSet(_Part):
    """What was played: `stimuli` and `partial` are those of `Recordings` in a result. No file is of a partial run."""

    count: int
    stimuli: str
    partial: bool = Field(default=False, exclude=True)


Key = tuple[str, str]
"""Label and name of a recording; of a part of a stream nothing and `part 1`."""

Values = Mapping[str, Number | None]
"""By metric."""


@dataclass(frozen=True)
class One:
    """A recording, or a part of a stream: the hash of its samples, and its own value of metrics."""

    stimulus: str
    values: Values


class Baseline(_Part):
    """One workload on one target in one variant. Sizes are bytes."""

    schema_: Literal["tinyml-device-lab/baseline/1", "tinyml-device-lab/baseline/2"] = Field(
        default="tinyml-device-lab/baseline/2", alias="schema"
    )
    workload: str
    target: str
    variant: str
    build: dict[str, str]
    recordings: RecordingSet
    metrics: dict[str, Quantity]
    sections: dict[str, int]
    symbols: dict[str, dict[str, dict[str, int]]]
    """By section, library and name; symbols of one name are added up."""
    clips: dict[str, dict[str, str]]
    """What was decided, by label and recording."""
    stimuli: tuple[str, ...] = ()
    """The hash of the samples of each recording, in the order of `clips`, or of each part of a stream."""
    by_clip: dict[str, tuple[Number | None, ...]] = {}
    """In the same order, the values of each metric that is made over recordings or parts."""

    @model_validator(mode="after")
    def _has_whole_columns(self) -> Baseline:
        wanted = len(self.stimuli)
        if self.clips and self.stimuli and wanted != len(self._keys):
            raise ValueError(f"there are {len(self._keys)} recordings in clips and {wanted} stimuli")
        for metric, column in self.by_clip.items():
            if len(column) != wanted:
                raise ValueError(f"by_clip.{metric} has {len(column)} values for {wanted} stimuli")
        return self

    @property
    def pair(self) -> Pair:
        """What it is a baseline of."""
        return self.workload, self.target, self.variant

    @cached_property
    def by_recording(self) -> dict[Key, One]:
        """Every recording, or every part of a stream; none of version 1."""
        return {
            key: One(stimulus, {metric: column[index] for metric, column in self.by_clip.items()})
            for index, (key, stimulus) in enumerate(zip(self._keys, self.stimuli, strict=False))
        }

    @property
    def _keys(self) -> list[Key]:
        if not self.clips:
            return [("", f"part {number}") for number, _ in enumerate(self.stimuli, start=1)]
        return [(label, clip) for label, decisions in self.clips.items() for clip in decisions]

    def to_json(self) -> str:
        """The text of its file."""
        own = {"metrics": {"__all__": {"interval"}}}  # of the cost model, which is named
        content = self.model_dump(mode="json", by_alias=True, exclude=own)
        blocks = {key: _one_a_line(value) if key in _IN_LINES else _block(value) for key, value in content.items()}
        blocks["stimuli"] = _json(content["stimuli"])
        return "{\n" + ",\n".join(f"  {_json(key)}: {block}" for key, block in blocks.items()) + "\n}\n"


def pair_of(run: Run) -> Pair:
    """What a baseline of the run would be of."""
    return run.workload, run.target, run.variant


def is_finished(run: Run) -> bool:
    """Whether the run came to its end, so that its numbers are whole: only such a run was held to its limits."""
    return any(check.origin == "limit" for check in run.checks)


def of(run: Run) -> Baseline:
    """The golden measurements that a finished run makes."""
    symbols: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for symbol in run.memory.symbols if run.memory else ():
        symbols[symbol.section][symbol.library][symbol.name] += symbol.size
    clips = {(clip.label, clip.clip): clip for clip in run.clips}
    decisions: dict[str, dict[str, str]] = defaultdict(dict)
    for label, name in sorted(clips):
        decisions[label][name] = clips[label, name].decided
    heard = run.stream.parts if run.stream else [clips[key] for key in sorted(clips)]
    return Baseline(
        workload=run.workload,
        target=run.target,
        variant=run.variant,
        build=dict(sorted(run.build.items())),
        recordings=RecordingSet(
            count=run.recordings.count, stimuli=run.recordings.stimuli, partial=run.recordings.partial
        ),
        metrics=run.metrics,
        sections={section.name: section.size for section in run.memory.sections} if run.memory else {},
        symbols={
            section: {library: dict(sorted(names.items())) for library, names in sorted(libraries.items())}
            for section, libraries in sorted(symbols.items())
        },
        clips=decisions,
        stimuli=tuple(one.stimulus[:_STIMULUS_DIGITS] for one in heard),
        by_clip={
            metric: tuple(one.metrics.get(metric) for one in heard)
            for metric in run.metrics
            if any(metric in one.metrics for one in heard)
        },
    )


def folder() -> Path:
    """The baselines of the project in force; the folder need not exist."""
    return places.project() / FOLDER


def file_of(baselines: Path, workload: str, target: str, variant: str) -> Path:
    """Where the baseline of a run is kept."""
    return baselines / workload / f"{target}-{variant}.json"


def read(file: Path) -> Baseline:
    """The baseline in a file. Raises ConfigurationError that names what is wrong with it and where."""
    place = where(file)
    remedy = "Restore it from the repository, or make it anew with `lab baseline update`."
    try:
        return Baseline.model_validate(files.parsed_json(files.content(file, MOST_BYTES)))
    except OSError as error:
        raise ConfigurationError(
            f"{place} cannot be read: {error.strerror}.",
            remedy="Make it a file that you can read.",
            code="file-unreadable",
        ) from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in error.errors()[:5])
        raise ConfigurationError(
            f"{place} is not a baseline of this lab: {problems}.", remedy=remedy, code="baseline-broken"
        ) from error
    except files.NotJson as error:
        line = f":{error.line}" if error.line else ""
        raise ConfigurationError(
            f"{place}{line} is not valid JSON: {error}.", remedy=remedy, code="baseline-broken"
        ) from error


def lines(file: Path) -> dict[str, int]:
    """On which line of a file each metric's value is."""
    text = files.text(file, MOST_BYTES)
    found: dict[str, int] = {}
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        key = re.match(r'(\s*)"([^"]+)": ', line)
        if key and key[2] == "metrics":
            inside = True
        elif inside and key:
            found.setdefault(key[2], number)
        elif inside and line.strip().startswith("}"):
            break
    return found


def _block(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", "\n  ")


def _one_a_line(values: Mapping[str, object]) -> str:
    """So that a check can point at the line of its metric."""
    lines = ",\n".join(f"    {_json(name)}: {_json(value)}" for name, value in values.items())
    return f"{{\n{lines}\n  }}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
