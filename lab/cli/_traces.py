"""`lab run --traces`: a Robot test for each trace that the project keeps, on each of its boards."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from lab import robot_traces
from lab.asked import Asked
from lab.cli import _suite
from lab.errors import UsageError
from lab.output import on_github, say_json
from lab.replaying.regressions import FOLDER, Regression
from lab.reporting import github, run_folder, wording
from lab.reporting.console import to_stdout
from lab.robot_traces import Ended, TestsOfTraces

JUNIT = "junit.xml"


def run(
    workloads: Sequence[str], targets: Sequence[str], given: dict[str, object], out: Path | None, *, as_json: bool
) -> int:
    """Replay the traces of those workloads on those boards, all without any; the exit code is the worst of theirs.

    Raises UsageError if there are none.
    """
    chosen = _chosen(workloads, targets)
    asked = Asked.of(workload=chosen[0][0].workload, **given)
    robot_traces.ended.clear()
    with run_folder.chosen("traces", out) as folder:
        run_folder.forget(folder)
        _suite.executed(
            _suite.of_traces(), folder, asked, prerunmodifier=TestsOfTraces(chosen), xunit=JUNIT, runemptysuite=True
        )
        if out is None:
            run_folder.point_latest_to(folder)
    every = robot_traces.ended
    if on_github():
        for one in every:
            if one.broken:
                github.annotate_trace(one.name, one.broken, one.file, sys.stderr if as_json else sys.stdout)
    if as_json:
        say_json(json.dumps([_as_json(one, folder) for one in every], indent=2))
    else:
        _print(every, folder)
    return max(one.exit_code for one in every)


def _chosen(workloads: Sequence[str], targets: Sequence[str]) -> list[tuple[Regression, str]]:
    every = robot_traces.every()
    chosen = [
        (regression, board)
        for regression, board in every
        if (not workloads or regression.workload in workloads) and (not targets or "all" in targets or board in targets)
    ]
    if not chosen:
        has = f"{len(every)} of other workloads or boards" if every else f"no {FOLDER}/*.toml"
        raise UsageError(
            f"There is no trace to replay: the project has {has}.",
            remedy="docs/replay.md shows how a trace is kept.",
        )
    return chosen


def _print(every: Sequence[Ended], folder: Path) -> None:
    console = to_stdout()
    for one in every:
        console.print(Text(f"{'FAIL' if one.broken else 'ok  '}  {one.name}", "red" if one.broken else "green"))
        if one.broken:
            console.print(one.broken, soft_wrap=True)
    failed = sum(bool(one.broken) for one in every)
    console.print(f"log         {folder / 'log.html'}", soft_wrap=True)
    verdict = f"FAILED: {failed} of {len(every)} traces" if failed else f"PASSED: {wording.plural(len(every), 'trace')}"
    console.print(Text(verdict, "bold red" if failed else "bold green"))


def _as_json(one: Ended, folder: Path) -> dict[str, object]:
    return {
        "name": one.name,
        "passed": not one.broken,
        "exit_code": one.exit_code,
        "broken": one.broken,
        "folder": str(folder / one.name),
    }
