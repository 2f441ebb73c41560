"""Made-up runs for comparisons: one measurement, and what a test changes in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lab import workload
from lab.measuring.measurement import Measurement
from lab.outcomes.memory import Symbol
from lab.outcomes.recording import ClipOutcome
from lab.verdict import baseline, judge
from lab.verdict.baseline import Baseline
from lab.verdict.result import Result
from tests.fake_measuring import measurement


def measured(
    metrics: dict[str, float | None] | None = None,
    build: dict[str, str] | None = None,
    clips: tuple[ClipOutcome, ...] | None = None,
    symbols: tuple[Symbol, ...] | None = None,
    **changes: object,
) -> Measurement:
    """The plain measurement with other values for some metrics and some of its build."""
    plain = measurement(clips)
    values = {name: replace(plain.metrics[name], value=value) for name, value in (metrics or {}).items()}
    memory = plain.memory if symbols is None else replace(plain.memory, symbols=symbols)
    return replace(
        plain, metrics={**plain.metrics, **values}, build={**plain.build, **(build or {})}, memory=memory, **changes
    )


def judged(one: Measurement | None = None, limits: dict[str, workload.Limit] | None = None, **how: object) -> Result:
    """The result of a measurement, without limits of its own unless they are given."""
    words = workload.load("keyword-spotting").model_copy(update={"limits": limits or {}})
    return judge.judge(words, one or measured(), **how)


def golden(one: Measurement | None = None) -> Baseline:
    """The baseline that a measurement makes."""
    return baseline.of(judged(one).runs[0])


def keep(folder: Path, one: Measurement | None = None) -> Path:
    """Write the baseline of a measurement, and return its file."""
    made = golden(one)
    file = baseline.file_of(folder, *made.pair)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(made.to_json(), encoding="utf-8")
    return file


def leave(folder: Path, result: Result) -> Path:
    """Write a result as a run does, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").write_text(result.to_json(), encoding="utf-8")
    return folder
