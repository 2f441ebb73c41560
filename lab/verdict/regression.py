"""A run held against its baseline: the comparison, and a failed check for each metric that is worse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from lab.errors import ConfigurationError, LabError
from lab.verdict import baseline, policy
from lab.verdict.comparison import compare, nothing_to_compare
from lab.verdict.policy import Policy
from lab.verdict.result import Check, Comparison, Error, Run, worst
from lab.verdict.where import where

FailOn = Literal["regression", "limit"]
"""What makes a verdict fail: limits and regressions, or limits alone."""

NO_BASELINE = "there is no baseline; `lab baseline update` makes one"


def held_against(run: Run, baselines: Path, *, fail_on: FailOn) -> Run:
    """The finished run with its comparison, and with the verdict that follows from it.

    Metrics that kept to their baseline add no checks: the comparison has them.
    """
    try:
        rules = policy.load(baselines)
        file = baseline.file_of(baselines, *baseline.pair_of(run))
        golden = _golden(file, run)
    except LabError as error:
        return run.model_copy(update={"verdict": worst([run.verdict, "error"]), "error": Error.of(error)})
    if golden is None:
        return run.model_copy(update={"baseline": nothing_to_compare(where(file), NO_BASELINE)})
    comparison = compare(golden, baseline.of(run), rules, against=where(file))
    checks = tuple(_regressions(comparison, rules, file)) if fail_on == "regression" else ()
    verdict = worst([run.verdict, "failed"]) if checks else run.verdict
    return run.model_copy(update={"baseline": comparison, "checks": (*run.checks, *checks), "verdict": verdict})


def _golden(file: Path, run: Run) -> baseline.Baseline | None:
    """The baseline of the run; None if there is none. Raises ConfigurationError."""
    if not file.exists():
        return None
    golden = baseline.read(file)
    wanted = baseline.pair_of(run)
    if golden.pair != wanted:
        raise ConfigurationError(
            f"{where(file)} is a baseline of {' '.join(golden.pair)}, not of {' '.join(wanted)}.",
            remedy="Keep it under the name that `lab baseline update` gives it.",
            code="baseline-broken",
        )
    return golden


def _regressions(comparison: Comparison, rules: Policy, file: Path) -> Iterator[Check]:
    lines = baseline.lines(file)
    for change in comparison.changes:
        if change.standing == "worse" and change.before is not None:
            yield Check(
                name=change.metric,
                limit=rules.metrics[change.metric].tolerated(change.before),
                value=change.now,
                passed=False,
                where=where(file, lines.get(change.metric)),
                origin="baseline",
                before=change.before,
                recordings=change.recordings,
            )
