"""Numbers and runs in words, alike in the terminal and in every file that a run leaves."""

from __future__ import annotations

import shlex

from lab.verdict.regression import NO_BASELINE
from lab.verdict.result import Bounds, Comparison, Run, spelled


def number(value: float | None) -> str:
    """A metric's value: `29,025,682`."""
    return "not counted" if value is None else spelled(value)


def bounds(limit: Bounds) -> str:
    """A limit in signs: `≤ 155,000`."""
    signs = (("≥", limit.at_least), ("≤", limit.at_most))
    return " ".join(f"{sign} {spelled(bound)}" for sign, bound in signs if bound is not None)


def signed_percent(change: float) -> str:
    """-0.02 as `-2.0 %`; a change too small to be seen keeps its sign."""
    size = abs(change) * 100
    text = f"{size:,.0f}" if size >= 100 else f"{size:.2f}" if 0 < size < 1 else f"{size:.1f}"
    return f"{'+' if change > 0 else '-' if change < 0 else '±'}{text} %"


def plural(count: int, noun: str) -> str:
    """`1 recording`, `2 recordings`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def name(run: Run) -> str:
    """`keyword-spotting on nano33ble`."""
    return f"{run.workload} on {run.target}"


def verdict(run: Run) -> str:
    """What came of a run, in one line: `FAILED: 2 of 13 checks`."""
    if run.verdict == "interrupted":
        return f"INTERRUPTED after {plural(run.recordings.count, 'recording')}; no limit was checked"
    if run.error:
        return f"{run.verdict.upper()}: {run.error.kind}"
    broken, all_of_them = len(run.failed_checks), plural(len(run.checks), "check")
    return f"FAILED: {broken} of {all_of_them}" if broken else f"PASSED: {all_of_them}"


def standing(comparison: Comparison) -> str:
    """What came of a comparison: `worse: flash_bytes; better: accuracy`."""
    if comparison.why in ("", NO_BASELINE):
        return comparison.why or comparison.standing
    return f"{comparison.standing}{'; ' if comparison.standing == 'same' else ': '}{comparison.why}"


def command(run: Run, clip: str = "") -> str:
    """The line to type that does a run again, or one of its recordings."""
    named = ["--clip", clip] if clip else []
    return shlex.join(["lab", "run", run.workload, "--target", run.target, *run.options, *named])
