"""Golden measurements: `baselines/<workload>/<target>-<variant>.json`, what later runs are held against.

A file says what the numbers come from and nothing of how they were obtained: no engine, no host, no time. It is written
for reviews: the same run gives the same bytes, and a metric, a symbol and a decision have a line each.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lab import files, places
from lab.errors import ConfigurationError
from lab.measuring.measurement import Metric
from lab.verdict.result import Run
from lab.verdict.where import where

FOLDER = "baselines"
SCHEMA = "tinyml-device-lab/baseline"
MOST_BYTES = 128 * files.MEGABYTE

Pair = tuple[str, str, str]
"""What tells runs and baselines from others: workload, target, variant."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


class Heard(_Part):
    """What was played: `stimuli` is that of `Recordings` in a result."""

    count: int
    stimuli: str


class Baseline(_Part):
    """One workload on one target in one variant. Sizes are bytes."""

    schema_: Literal["tinyml-device-lab/baseline/1"] = Field(default="tinyml-device-lab/baseline/1", alias="schema")
    workload: str
    target: str
    variant: str
    build: dict[str, str]
    recordings: Heard
    metrics: dict[str, Metric]
    sections: dict[str, int]
    symbols: dict[str, dict[str, dict[str, int]]]
    """By section, library and name; symbols of one name are added up."""
    clips: dict[str, dict[str, str]]
    """What was decided, by label and recording."""

    @property
    def pair(self) -> Pair:
        """What it is a baseline of."""
        return self.workload, self.target, self.variant

    def to_json(self) -> str:
        """The text of its file."""
        content = self.model_dump(mode="json", by_alias=True)
        blocks = {key: _one_a_line(value) if key == "metrics" else _block(value) for key, value in content.items()}
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
    clips: dict[str, dict[str, str]] = defaultdict(dict)
    for clip in run.clips:
        clips[clip.label][clip.clip] = clip.decided
    return Baseline(
        workload=run.workload,
        target=run.target,
        variant=run.variant,
        build=dict(sorted(run.build.items())),
        recordings=Heard(count=run.recordings.count, stimuli=run.recordings.stimuli),
        metrics=run.metrics,
        sections={section.name: section.size for section in run.memory.sections} if run.memory else {},
        symbols={
            section: {library: dict(sorted(names.items())) for library, names in sorted(libraries.items())}
            for section, libraries in sorted(symbols.items())
        },
        clips={label: dict(sorted(decisions.items())) for label, decisions in sorted(clips.items())},
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
